import { GatewayError } from "../errors";
import type { Exchange } from "../exchange";
import { javaRegex } from "../mapping/java-methods";
import { substituteStageVariables } from "../mapping/stage-variables";
import type { TokenAuthorizer } from "../model";
import type { JsonWebKeySet } from "../options";
import type { Runtime } from "../runtime";

/** Loaded with the first token: most definitions have no such authorizer. */
const loadJose = () => import("jose");
type Jose = Awaited<ReturnType<typeof loadJose>>;
type Claims = ReturnType<Jose["decodeJwt"]>;
type KeySet = Parameters<Jose["createLocalJWKSet"]>[0];

interface Issuer {
  issuer: string;
  keys?: JsonWebKeySet;
}

/**
 * A Cognito user pool authorizer (or `type: jwt`), with configured key sets. Without scopes it expects an identity token,
 * with scopes an access token that has one of them (guide: "Integrate a REST API with a user pool").
 */
export class TokenAuthorization {
  private readonly validation?: RegExp;
  private readonly verifiers = new Map<string, ReturnType<Jose["createLocalJWKSet"]>>();

  constructor(
    private readonly runtime: Runtime,
    private readonly authorizer: TokenAuthorizer,
    private readonly scopes: readonly string[],
  ) {
    if (authorizer.identityValidation) this.validation = javaRegex(`^(?:${authorizer.identityValidation})$`);
  }

  async authorize(exchange: Exchange): Promise<void> {
    const header = this.authorizer.identitySource.replace(/^method\.request\.header\./, "").toLowerCase();
    const value = exchange.header(header);
    if (!value) throw new GatewayError("UNAUTHORIZED", "the token is missing");
    if (this.validation && !this.validation.test(value))
      throw new GatewayError("UNAUTHORIZED", "the token does not match the validation expression");
    const claims = await this.verify(exchange, value.replace(/^Bearer\s+/i, ""));
    this.checkUse(claims);
    exchange.authorizer = {
      claims: Object.fromEntries(Object.entries(claims).map(([name, claim]) => [name, textOf(claim)])),
      ...(this.scopes.length > 0 ? { scopes: [...this.scopes] } : {}),
    };
  }

  private async verify(exchange: Exchange, token: string): Promise<Claims> {
    const jose = await loadJose();
    const issuer = this.issuerOf(exchange, unverified(jose, token));
    if (!issuer.keys)
      throw new GatewayError("AUTHORIZER_CONFIGURATION_ERROR", `no key set for ${issuer.issuer}`);
    const { keys } = issuer;
    let verifier = this.verifiers.get(issuer.issuer);
    if (!verifier) {
      verifier = jose.createLocalJWKSet(keys as unknown as KeySet);
      this.verifiers.set(issuer.issuer, verifier);
    }
    try {
      const { payload } = await jose.jwtVerify(token, verifier, {
        issuer: issuer.issuer,
        ...(this.authorizer.audience && this.scopes.length === 0
          ? { audience: this.authorizer.audience }
          : {}),
      });
      return payload;
    } catch (error) {
      if (error instanceof jose.errors.JWTExpired)
        throw new GatewayError("UNAUTHORIZED", "token expired", {
          message: "The incoming token has expired",
        });
      throw new GatewayError("UNAUTHORIZED", (error as Error).message);
    }
  }

  /** The issuer that the token names, if it is one of the authorizer's. */
  private issuerOf(exchange: Exchange, claims: Claims): Issuer {
    const known = this.authorizer.issuer
      ? [{ issuer: this.authorizer.issuer, names: [this.authorizer.issuer] }]
      : this.authorizer.providerArns.map((given) => {
          const arn = substituteStageVariables(given, exchange.stageVariables);
          const [, region, pool] = /^arn:[^:]+:cognito-idp:([^:]+):[^:]*:userpool\/(.+)$/.exec(arn) ?? [];
          const issuer = `https://cognito-idp.${region}.amazonaws.com/${pool}`;
          return { issuer, names: [arn, pool ?? "", issuer] };
        });
    const found = known.find(({ issuer }) => issuer === claims.iss);
    if (!found)
      throw new GatewayError(
        "UNAUTHORIZED",
        `the issuer ${String(claims.iss)} is not one of the authorizer's`,
      );
    const sets = this.runtime.options.keySets ?? {};
    const name = [...found.names, "*"].find((candidate) => Object.hasOwn(sets, candidate));
    return { issuer: found.issuer, keys: name === undefined ? undefined : sets[name] };
  }

  private checkUse(claims: Claims): void {
    if (this.scopes.length === 0) {
      if (claims.token_use === "access")
        throw new GatewayError("UNAUTHORIZED", "expected an identity token, found an access token");
      return;
    }
    const granted = String(claims.scope ?? "").split(" ");
    if (!this.scopes.some((scope) => granted.includes(scope)))
      throw new GatewayError("UNAUTHORIZED", "the token has none of the method's scopes");
  }
}

function unverified(jose: Jose, token: string): Claims {
  try {
    return jose.decodeJwt(token);
  } catch {
    throw new GatewayError("UNAUTHORIZED", "the token is not a JWT");
  }
}

const textOf = (claim: unknown): string =>
  Array.isArray(claim) ? claim.join(",") : typeof claim === "object" ? JSON.stringify(claim) : String(claim);
