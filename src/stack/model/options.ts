/** What the supervisor tells the model part. Port 0 picks a free one. */
export interface ModelOptions {
  readonly port: number;
  /** Keys that it takes: one for each environment. */
  readonly apiKeys: readonly string[];
}
