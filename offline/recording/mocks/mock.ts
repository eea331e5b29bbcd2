import type { PlainObject } from "../plain";
import { base36, hex, physicalName, uuid } from "./names";

/** Where the stack is deployed. */
export interface AwsEnvironment {
  region: string;
  accountId: string;
}

export interface Declared {
  urn: string;
  type: string;
  /** Logical name. */
  name: string;
  inputs: PlainObject;
  /** Whether a provider would create it; components have no id, and only the outputs they register. */
  custom: boolean;
}

/** The id and the outputs that AWS adds when it creates a resource of one type. */
export type Mock = (created: Creation) => PlainObject & { id: string };

/** A resource during creation, with the parts of ids and ARNs. They derive from the URN: two recordings give equal ids. */
export class Creation {
  readonly urn: string;
  readonly inputs: PlainObject;
  readonly region: string;

  constructor(
    readonly declared: Declared,
    readonly environment: AwsEnvironment,
  ) {
    this.urn = declared.urn;
    this.inputs = declared.inputs;
    this.region = environment.region;
  }

  /** The name in AWS. */
  get name(): string {
    return physicalName(this.inputs.name, this.declared.name, this.urn);
  }

  hex(length: number): string {
    return hex(this.urn, length);
  }

  base36(length: number): string {
    return base36(this.urn, length);
  }

  uuid(): string {
    return uuid(this.urn);
  }

  arn(service: string, resource: string): string {
    return `arn:aws:${service}:${this.region}:${this.environment.accountId}:${resource}`;
  }

  /** API Gateway's control plane ARNs have no account. */
  apiGatewayArn(path: string): string {
    return `arn:aws:apigateway:${this.region}::/${path}`;
  }
}
