/** The owner of a token, as the identity provider states. */
export interface Caller {
  /** Stable id of the user or client. */
  principalId: string;
  groups: readonly string[];
  /** When the token expires, in milliseconds since 1970; absent when the provider does not say. */
  expiresAt?: number;
}

/** The provider's result for a token: a caller, or a refusal with the hint for the client. */
export type Verdict = { caller: Caller } | { refused: string };

export interface Identity {
  /** Whether a token is verified without sending it to anybody. */
  readonly offline?: true;
  /** @throws IdentityUnavailable when the provider gave no usable answer. */
  verify(token: string): Promise<Verdict>;
}

/**
 * The provider did not respond, or not with what it should. That says nothing about the token, so it is never
 * cached and never an Allow.
 */
export class IdentityUnavailable extends Error {
  override name = "IdentityUnavailable";
  /** @param hint for the client, where the provider did respond */
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}
