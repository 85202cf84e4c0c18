/** A real server of the user's PATH, run as a part of the stack in the embedded one's place. */
export interface NativeOptions {
  readonly kind: 'mongod' | 'redis-server' | 'vault';
  /** Absolute path of the program. */
  readonly program: string;
  readonly port: number;
  readonly dataDirectory: string;
  /** Of redis-server only. */
  readonly password?: string;
}
