/**
 * What an operator may settle about the service, as values: nothing here reads the environment.
 * Hosts are lower case and carry no port.
 * @module
 */

export interface ServiceSettings {
  /** The region that buckets are said to lie in, with its `oss-` prefix. @default 'oss-cn-hangzhou' */
  readonly region: string;
  /** Own service domains: `<bucket>.<domain>` is a virtual host. `localhost` is always one. @default [] */
  readonly endpoints: readonly string[];
  /** Hosts that stand for one bucket each. @default {} */
  readonly cnames: Readonly<Record<string, string>>;
  /** The one owner of everything, as it appears in listings and ACLs. */
  readonly ownerId: string;
  /** Whether unknown keys inside a known action are refused. @default false */
  readonly strict: boolean;
  /** Longest upload. @default 5 GiB, as OSS has it */
  readonly maxObjectBytes: number;
  /**
   * How long records of buckets, objects and styles are taken for fresh, ms. Own writes show at once,
   * those of other nodes after this time. @default 1000
   */
  readonly metadataMaxAgeMs: number;
  /** Lets scrapers that cannot sign read `/-/metrics` as a bearer. @default none may */
  readonly metricsToken: string | undefined;
  /** Smallest part of an upload in parts, but for the last one. @default 100 KiB, as OSS has it */
  readonly minPartBytes: number;
  /** How many styles a bucket may have. @default 50, as OSS has it */
  readonly maxStyles: number;
  /** Hosts, with their port where it is not the scheme's own, that callbacks may go to. @default none */
  readonly callbackHosts: readonly string[];
  /** Seconds that an overloaded service asks its callers to wait. @default 1 */
  readonly retryAfterSeconds: number;
}

export const DEFAULT_SETTINGS: ServiceSettings = {
  region: 'oss-cn-hangzhou',
  endpoints: [],
  cnames: {},
  ownerId: '1000000000000001',
  strict: false,
  maxObjectBytes: 5 * 1024 ** 3,
  metadataMaxAgeMs: 1000,
  metricsToken: undefined,
  minPartBytes: 100 * 1024,
  maxStyles: 50,
  callbackHosts: [],
  retryAfterSeconds: 1,
};
