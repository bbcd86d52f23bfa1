import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

export type Tone = 'good' | 'bad' | 'care' | 'plain';

interface CardProps {
  readonly title: string;
  readonly note?: ComponentChildren;
  readonly actions?: ComponentChildren;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** A card with a title, and optionally a note and controls beside it. */
export function Card({ title, note, actions, class: className = '', children }: CardProps) {
  return (
    <section class={`card ${className}`} aria-label={title}>
      <header class="card-head">
        <h2 class="card-title">{title}</h2>
        {note !== undefined && <p class="card-note">{note}</p>}
        {actions !== undefined && <div class="card-actions">{actions}</div>}
      </header>
      {children}
    </section>
  );
}

export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <span class={`badge badge-${tone}`}>{children}</span>;
}

/** A coloured dot with a word: colour never stands alone. */
export function State({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return (
    <span class={`state state-${tone}`}>
      <span class="state-dot" aria-hidden="true" />
      {children}
    </span>
  );
}

interface ButtonProps {
  readonly icon?: IconName;
  readonly label: string;
  /** Shows only the icon, with the label as accessible name and title. */
  readonly iconOnly?: boolean;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly kind?: 'plain' | 'primary';
  readonly type?: 'button' | 'submit';
  readonly class?: string;
  readonly onPress?: () => void;
  readonly children?: ComponentChildren;
}

export function Button(props: ButtonProps) {
  const { icon, label, iconOnly = false, pressed, disabled = false, kind = 'plain', type = 'button' } = props;
  return (
    <button
      type={type}
      class={`button button-${kind} ${iconOnly ? 'button-icon' : ''} ${props.class ?? ''}`}
      disabled={disabled}
      onClick={props.onPress}
      {...(iconOnly ? { 'aria-label': label, title: label } : {})}
      {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
    >
      {icon !== undefined && <Icon name={icon} />}
      {!iconOnly && <span>{label}</span>}
      {props.children}
    </button>
  );
}

/** Reserves the space of content that is still loading. */
export function Skeleton({ shape }: { shape: 'line' | 'figure' | 'chart' | 'table' }) {
  return <span class={`skeleton skeleton-${shape}`} aria-hidden="true" />;
}

export function EmptyState({ icon = 'good', children }: { icon?: IconName; children: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <p>{children}</p>
    </div>
  );
}
