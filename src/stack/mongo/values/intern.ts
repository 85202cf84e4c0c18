const longest = 80;
const most = 4_096;
const known = new Map<string, string>();

/**
 * The same text as one shared string. Event names, builds and the like repeat in every document,
 * and the decoder makes a new string each time. Forgetting everything now and then costs one copy.
 */
export function intern(text: string): string {
  if (text.length > longest) return text;
  const shared = known.get(text);
  if (shared !== undefined) return shared;
  if (known.size >= most) known.clear();
  known.set(text, text);
  return text;
}
