/** What the supervisor tells the session cache part, over IPC. */
export interface RedisOptions {
  /** 0 picks a free one. */
  readonly port: number;
  /** Without one, clients need no AUTH. */
  readonly password?: string;
}
