import { contents, type DocumentKind, documentSchema } from '../../src/report/schema/documents.ts';

function isKind(kind: unknown): kind is DocumentKind {
  return typeof kind === 'string' && Object.hasOwn(contents, kind);
}

/** A `--json` document as the schema has it, to the last field; throws what does not fit. */
export function asDocument(value: unknown): Record<string, unknown> {
  const document = value as Record<string, unknown>;
  const { kind } = document;
  if (!isKind(kind)) throw new Error(`no schema for a document of kind ${String(kind)}`);
  const { error } = documentSchema(kind).safeParse(document);
  if (error === undefined) return document;
  const where = error.issues.map((issue) => `${issue.path.join('/')}: ${issue.message}`);
  throw new Error(`the document ${kind} is not as its schema says:\n${where.join('\n')}`);
}
