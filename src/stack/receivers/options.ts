/** What the supervisor tells the receivers part. 0 picks a free port. */
export interface ReceiversOptions {
  readonly httpPort: number;
  readonly smtpPort: number;
}
