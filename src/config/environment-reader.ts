import { ConnectionStringError } from '../core/feeds/sql-server/connection-string.ts';
import { type Environment, isBlank } from './environment.ts';
import { type Kind, Misfit } from './kinds.ts';

/** An environment variable, as documents and advice need it. */
export interface Variable extends Required<Pick<VariableOptions, 'isSecret' | 'mistakenFor'>> {
  /** Heading in the documents. */
  readonly section: string;
  /** In order of precedence: the first that is set counts. */
  readonly names: readonly string[];
  readonly type: string;
  readonly help: string;
  /** What a document shows after `NAME=`. */
  readonly example: string;
  /** As it would be written, or in words; null if there is none. */
  readonly fallback: { readonly value: string } | { readonly words: string } | null;
  /** No code uses it yet but the doctor, so documents leave it out. */
  readonly isPlanned: boolean;
}

export interface VariableOptions {
  /** One line, without a full stop. */
  readonly help: string;
  /** Never shown, in no message and no log; read without trimming, since its bytes are the secret. */
  readonly isSecret?: boolean;
  /** The default in words, if the value alone would not tell. */
  readonly fallbackWords?: string;
  /** What `.env.example` shows if there is no default. */
  readonly example?: string;
  /** Names that other programs use for the same thing. Not read: they earn advice. */
  readonly mistakenFor?: readonly string[];
}

/** Variables that stand together in the documents. */
export interface Section {
  /**
   * Declares a variable and reads it. An invalid value is reported, and the fallback returned.
   *
   * @param names in order of precedence: the first that is set counts
   * @param fallback the value if none is set; in the documents, that of an empty environment
   */
  read<Value, Fallback extends Value | null>(
    names: string | readonly string[],
    kind: Kind<Value>,
    fallback: Fallback,
    options: VariableOptions,
  ): Value | Fallback;
  /** Notices the variables of the section that are set though nothing uses them. */
  usedIf(isUsed: boolean, otherwise: string): void;
}

/** Reads variables, and collects what was declared and what a person should know. */
export interface EnvironmentReader {
  section(title: string, options?: { readonly isPlanned?: boolean }): Section;
  /** Names that are set and begin so. None of them counts as misspelt. */
  namesFrom(beginning: string): readonly string[];
  isSet(name: string): boolean;
  /** Stops the start. @param problems each as `NAME: what is wrong, what would do` */
  report(...problems: string[]): void;
  notice(...texts: string[]): void;
  readonly variables: readonly Variable[];
  readonly problems: readonly string[];
  readonly notices: readonly string[];
  /** Names that are set and were neither declared nor asked for. */
  unknownNames(): readonly string[];
}

export function createEnvironmentReader(values: Environment['values']): EnvironmentReader {
  const variables: Variable[] = [];
  const problems: string[] = [];
  const notices: string[] = [];
  const beginnings: string[] = [];
  const isSet = (name: string) => !isBlank(values[name]);

  function parse<Value>(name: string, kind: Kind<Value>, isSecret: boolean): { readonly value: Value } | null {
    const value = values[name] ?? '';
    try {
      return { value: kind.parse(isSecret ? value : unquoted(value.trim())) };
    } catch (error) {
      if (!(error instanceof Misfit || error instanceof ConnectionStringError)) throw error;
      problems.push(`${name}: read ${isSecret ? 'a value' : JSON.stringify(value)}, which ${error.message}`);
      return null;
    }
  }

  function section(title: string, { isPlanned = false } = {}): Section {
    const setNames: string[] = [];
    return {
      read(names, kind, fallback, options) {
        const variable = describe([names].flat(), kind, fallback, options);
        variables.push({ ...variable, section: title, isPlanned });
        const [first, ...others] = variable.names.filter(isSet);
        if (first === undefined) return fallback;
        setNames.push(first, ...others);
        if (variable.isSecret) notices.push(...quoteNotices([first, ...others], values));
        const hidden = others.filter((name) => values[name] !== values[first]);
        notices.push(...hidden.map((name) => `${name} is not used: ${first} comes first`));
        return parse(first, kind, variable.isSecret)?.value ?? fallback;
      },
      usedIf(isUsed, otherwise) {
        if (isUsed || setNames.length === 0) return;
        notices.push(`${setNames.join(', ')} ${setNames.length === 1 ? 'is' : 'are'} not used: ${otherwise}`);
      },
    };
  }

  return {
    ...{ section, isSet, variables, problems, notices },
    namesFrom(beginning) {
      beginnings.push(beginning);
      return Object.keys(values).filter((name) => name.startsWith(beginning) && isSet(name));
    },
    report: (...texts) => problems.push(...texts),
    notice: (...texts) => notices.push(...texts),
    unknownNames() {
      const known = new Set(variables.flatMap(({ names }) => names));
      const isKnown = (name: string) => known.has(name) || beginnings.some((beginning) => name.startsWith(beginning));
      return Object.keys(values).filter((name) => isSet(name) && !isKnown(name));
    },
  };
}

function describe<Value>(
  names: readonly string[],
  kind: Kind<Value>,
  fallback: Value | null,
  { help, isSecret = false, mistakenFor = [], fallbackWords, example }: VariableOptions,
) {
  const value = fallback === null ? null : (kind.write ?? String)(fallback);
  const words = fallbackWords === undefined ? null : { words: fallbackWords };
  return {
    ...{ names, help, isSecret, mistakenFor, type: kind.type },
    example: example ?? value ?? '',
    fallback: words ?? (value === null ? null : { value }),
  };
}

/** Shells and `.env` take quotes away; `docker run --env-file` and cmd.exe do not. */
function unquoted(text: string): string {
  const [, , inside] = QUOTED.exec(text) ?? [];
  if (inside !== undefined) throw new Misfit(`has quotes around it; write ${inside}`);
  return text;
}

const QUOTED = /^(["'`])(.*)\1$/s;

/** A password may have quotes, so they do not stop the start as in other variables. */
function quoteNotices(names: readonly string[], values: Environment['values']): string[] {
  return names
    .filter((name) => QUOTED.test(values[name]?.trim() ?? ''))
    .map((name) => `${name} has quotes around it, which count as a part of it`);
}
