import { ConnectionStringError } from '../core/feeds/sql-server/connection-string.ts';
import { type Environment, isBlank } from './environment.ts';
import { InvalidValueError, type Kind } from './kinds.ts';

export interface VariableOptions {
  /** One line, without a full stop. */
  readonly help: string;
  /** Never shown in messages or logs. Not trimmed, since every byte is part of the secret. */
  readonly isSecret?: boolean;
  /** Describes the default where a value alone cannot. */
  readonly fallbackWords?: string;
  /** What `.env.example` shows if there is no default. */
  readonly example?: string;
  /** Names that other programs use for the same thing. They are not read; a notice gives the right name. */
  readonly mistakenFor?: readonly string[];
}

/** A declared environment variable, for documents and advice. */
export interface Variable extends VariableOptions {
  /** Heading in the documents. */
  readonly section: string;
  /** In order of precedence: the first that is set counts. */
  readonly names: readonly string[];
  readonly type: string;
  /** The default as it would be written; null if there is none. */
  readonly fallback: string | null;
  /** Only the doctor uses it yet, so documents leave it out. */
  readonly isPlanned: boolean;
}

export type EnvironmentReader = ReturnType<typeof createEnvironmentReader>;
export type Section = ReturnType<EnvironmentReader['section']>;

/** Reads variables, and collects declarations, problems and notices. */
export function createEnvironmentReader(values: Environment['values']) {
  const variables: Variable[] = [];
  const problems: string[] = [];
  const notices: string[] = [];
  const prefixes: string[] = [];
  const isSet = (name: string) => !isBlank(values[name]);

  function parse<Value, Fallback>(name: string, kind: Kind<Value>, fallback: Fallback, isSecret: boolean) {
    const value = values[name] ?? '';
    try {
      return kind.parse(isSecret ? value : unquoted(value.trim()));
    } catch (error) {
      if (!(error instanceof InvalidValueError || error instanceof ConnectionStringError)) throw error;
      problems.push(`${name}: read ${isSecret ? 'a value' : JSON.stringify(value)}, which ${error.message}`);
      return fallback;
    }
  }

  /** Variables under one heading of the documents. */
  function section(title: string, { isPlanned = false } = {}) {
    const setNames: string[] = [];
    return {
      /**
       * Declares a variable and reads it. An invalid value is reported, and the fallback returned.
       *
       * @param names in order of precedence: the first that is set counts
       * @param fallback the value if none is set
       */
      read<Value, Fallback extends Value | null>(
        names: string | readonly string[],
        kind: Kind<Value>,
        fallback: Fallback,
        options: VariableOptions,
      ): Value | Fallback {
        const { write = String, type } = kind;
        const { isSecret = false } = options;
        const written = fallback === null || isSecret ? null : write(fallback);
        variables.push({ ...options, section: title, isPlanned, names: [names].flat(), type, fallback: written });
        const [first, ...others] = [names].flat().filter(isSet);
        if (first === undefined) return fallback;
        setNames.push(first, ...others);
        const hidden = others.filter((name) => values[name] !== values[first]);
        notices.push(...hidden.map((name) => `${name} is not used: ${first} comes first`));
        // Quotes may belong to a password, so they do not stop the start as in other variables.
        const quoted = isSecret ? [first, ...others].filter((name) => QUOTED.test(values[name]?.trim() ?? '')) : [];
        notices.push(...quoted.map((name) => `${name} has quotes around it, which count as a part of it`));
        return parse(first, kind, fallback, isSecret);
      },
      /** Adds a notice for variables of the section that are set but have no effect. */
      usedIf(isUsed: boolean, otherwise: string): void {
        if (isUsed || setNames.length === 0) return;
        notices.push(`${setNames.join(', ')} ${setNames.length === 1 ? 'is' : 'are'} not used: ${otherwise}`);
      },
    };
  }

  return {
    ...{ variables, problems, notices, isSet, section },
    /** Set names with this prefix. None of them counts as unknown. */
    namesWithPrefix(prefix: string): string[] {
      prefixes.push(prefix);
      return Object.keys(values).filter((name) => name.startsWith(prefix) && isSet(name));
    },
    /** Set names that were neither declared nor matched by a prefix. */
    unknownNames(): string[] {
      const known = new Set(variables.flatMap(({ names }) => names));
      const isKnown = (name: string) => known.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
      return Object.keys(values).filter((name) => isSet(name) && !isKnown(name));
    },
  };
}

const QUOTED = /^(["'`])(.*)\1$/s;

/** Shells and `.env` remove quotes; `docker run --env-file` and cmd.exe do not. */
function unquoted(text: string): string {
  const [, , inside] = QUOTED.exec(text) ?? [];
  if (inside !== undefined) throw new InvalidValueError(`has quotes around it; write ${inside}`);
  return text;
}
