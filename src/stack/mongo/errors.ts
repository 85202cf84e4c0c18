import type { Doc } from './values/value.ts';

/** The error codes that this server answers with, by MongoDB's own names. */
export const codeNames = {
  1: 'InternalError',
  2: 'BadValue',
  9: 'FailedToParse',
  14: 'TypeMismatch',
  15: 'Overflow',
  18: 'AuthenticationFailed',
  20: 'IllegalOperation',
  22: 'InvalidBSON',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  48: 'NamespaceExists',
  52: 'DollarPrefixedFieldName',
  53: 'InvalidIdField',
  54: 'NotSingleValueField',
  56: 'EmptyFieldName',
  57: 'DottedFieldName',
  59: 'CommandNotFound',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  168: 'InvalidPipelineOperator',
  238: 'NotImplemented',
  352: 'UnsupportedOpQueryCommand',
  10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey',
  15947: 'Location15947',
  15952: 'Location15952',
  15955: 'Location15955',
  15956: 'Location15956',
  15958: 'Location15958',
  15959: 'Location15959',
  15975: 'Location15975',
  15976: 'Location15976',
  15983: 'Location15983',
  16020: 'Location16020',
  16872: 'Location16872',
  17080: 'Location17080',
  17083: 'Location17083',
  17276: 'Location17276',
  31253: 'Location31253',
  31254: 'Location31254',
  31325: 'Location31325',
  40156: 'Location40156',
  40234: 'Location40234',
  40235: 'Location40235',
  40237: 'Location40237',
  40238: 'Location40238',
  40323: 'Location40323',
  40324: 'Location40324',
  40415: 'Location40415',
  40573: 'Location40573',
  51024: 'Location51024',
  51091: 'Location51091',
  51272: 'Location51272',
} as const;

/** A code of the table above. */
export type ErrorNumber = keyof typeof codeNames;

/** A refusal as MongoDB words it: code, name and, for a duplicate key, the key itself. */
export class ServerError extends Error {
  readonly code: ErrorNumber;
  readonly details: Doc;

  constructor(code: ErrorNumber, message: string, details: Doc = {}) {
    super(message);
    this.name = 'ServerError';
    this.code = code;
    this.details = details;
  }

  get codeName(): string {
    return codeNames[this.code];
  }
}

/** Throws the error; an expression so that it fits where a value is expected. */
export function fail(code: ErrorNumber, message: string, details?: Doc): never {
  throw new ServerError(code, message, details);
}

/** Refuses what MongoDB can do and this server does not: never a silently different answer. */
export function refuse(what: string): never {
  throw new ServerError(238, `${what} is not supported by the embedded database`);
}
