/** What the simulation cannot know from AWS. */
export interface Surroundings {
  /** By domain: ids of the instances and names of the proxied services that may answer its callers. Default: any. */
  backends?: Record<string, string[]>;
  /** By host name: the IPv4 address of a partner's machine. */
  dns?: Record<string, string>;
}

/** Why a request does not get through. */
export class Obstacle extends Error {}

export function obstacle(reason: string): never {
  throw new Obstacle(reason);
}
