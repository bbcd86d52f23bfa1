/** What makes no sense about a value: the rest of a sentence that begins with what was read. */
export interface VariableProblem {
  readonly problem: string;
}

/** An environment variable: how it is read, and what a person has to know of it. */
export interface Variable<Value> {
  readonly type: string;
  readonly help: string;
  /** The value where it is not set. */
  readonly fallback: Value;
  /** In words, where the value alone would not tell. */
  readonly fallbackText?: string;
  /** Other names, which come first. */
  readonly alsoNamed?: readonly string[];
  /** Never shown, in no message and no log. */
  readonly secret?: boolean;
  /** Nothing uses it yet, so that no document names it. */
  readonly isPlanned?: boolean;
  read(text: string): Value | VariableProblem;
}

type VariableOptions<Value> = Omit<Variable<Value>, 'type' | 'read'>;

interface Range {
  readonly minimum: number;
  readonly maximum: number;
}

interface Form {
  /** What the text has to be, and that in words. */
  readonly fits?: (text: string) => boolean;
  readonly form?: string;
}

function text<Value extends string | null>({
  fits,
  form,
  ...options
}: VariableOptions<Value | string> & Form): Variable<Value | string> {
  return {
    ...options,
    type: 'text',
    read: (value) => (fits === undefined || fits(value) ? value : { problem: `which does not fit; ${form}` }),
  };
}

function wholeNumber({ minimum, maximum, ...options }: VariableOptions<number> & Range): Variable<number> {
  return {
    ...options,
    type: `whole number, ${minimum} to ${maximum}`,
    read: (value) => bounded(value, /^-?\d+$/, { minimum, maximum }, 'a whole number'),
  };
}

function decimal<Value extends number | null>({
  minimum,
  maximum,
  ...options
}: VariableOptions<Value | number> & Range): Variable<Value | number> {
  return {
    ...options,
    type: `number, ${minimum} to ${maximum}`,
    read: (value) => bounded(value, /^-?\d+(\.\d+)?$/, { minimum, maximum }, 'a number'),
  };
}

const FLAG_WORDS = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

function flag(options: VariableOptions<boolean>): Variable<boolean> {
  return {
    ...options,
    type: 'true or false',
    read: (value) =>
      FLAG_WORDS.get(value.toLowerCase()) ?? { problem: 'which is neither true nor false; write one of them' },
  };
}

interface Items {
  /** What each item has to be, and that in words. */
  readonly item?: { fits(item: string): boolean; readonly form: string };
}

function list({ item, ...options }: VariableOptions<readonly string[]> & Items): Variable<readonly string[]> {
  return {
    ...options,
    type: 'list',
    read(value) {
      const items = value.split(',').flatMap((one) => one.trim() || []);
      if (items.length === 0) return { problem: 'which lists nothing; name at least one' };
      const misfit = item && items.find((one) => !item.fits(one));
      return misfit === undefined ? items : { problem: `which lists ${JSON.stringify(misfit)}; ${item?.form}` };
    },
  };
}

function oneOf<const Choice extends string, Fallback extends Choice | null>({
  values,
  ...options
}: VariableOptions<Choice | Fallback> & {
  readonly values: readonly Choice[];
  readonly fallback: Fallback;
}): Variable<Choice | Fallback> {
  const among = values.join(', ');
  return {
    ...options,
    type: `one of ${among}`,
    read: (value) => values.find((choice) => choice === value) ?? { problem: `which is none of ${among}` },
  };
}

function bounded(value: string, form: RegExp, { minimum, maximum }: Range, noun: string): number | VariableProblem {
  const number = Number(value);
  if (form.test(value) && number >= minimum && number <= maximum) return number;
  const advice = /^-?[\d.,_ ]+[a-zA-Z%]+$/.test(value) ? '; write the number alone, without a unit' : '';
  return { problem: `which is not ${noun} from ${minimum} to ${maximum}${advice}` };
}

/** A path that is used as it stands. */
function path<Value extends string | null>(options: VariableOptions<Value | string>): Variable<Value | string> {
  return text({
    ...options,
    form: 'a ~ stands for a home folder in a shell only; write the whole path',
    fits: (value) => !/^~(?:[/\\]|$)/.test(value),
  });
}

/** Makers of variables, by type. */
export const READERS = { text, path, wholeNumber, decimal, flag, list, oneOf };
