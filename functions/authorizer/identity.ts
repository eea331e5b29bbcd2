/** Who a token belongs to, as the identity provider vouches for. */
export interface Caller {
  /** Stable id of the user or client. */
  principalId: string;
  groups: readonly string[];
  /** When the token ends, in milliseconds since 1970; absent when the provider does not say. */
  expiresAt?: number;
}

/** The provider's word about a token: a caller, or a refusal with the hint for the client. */
export type Verdict = { caller: Caller } | { refused: string };

export interface Identity {
  /** @throws IdentityUnavailable when the provider gave no usable answer. */
  verify(token: string): Promise<Verdict>;
}

/**
 * The provider could not be asked, or did not answer what it should. Says nothing about the token, so it is
 * never cached and never an Allow.
 */
export class IdentityUnavailable extends Error {
  override name = "IdentityUnavailable";
  /** @param hint what the client may be told when the provider did answer, but uselessly. */
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}
