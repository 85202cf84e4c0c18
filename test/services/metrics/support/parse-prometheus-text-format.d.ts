/** As much of the library's answer as the comparison looks at: counters and gauges. */
declare module 'parse-prometheus-text-format' {
  interface Family {
    readonly name: string;
    readonly metrics: readonly {
      readonly labels?: Readonly<Record<string, string>>;
      readonly value: string;
    }[];
  }
  const parse: (text: string) => readonly Family[];
  export = parse;
}
