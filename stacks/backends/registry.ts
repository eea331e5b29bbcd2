import { z } from "zod";
import { exactlyOne } from "../settings/fields";
import { ec2 } from "./ec2";
import type { BackendKind } from "./kind";
import { psc } from "./psc";

/** Every kind of backend, by its key in a service's `backend`. */
export const backendKinds = { instances: ec2, psc };

type Kinds = typeof backendKinds;

/** The kinds as a list whose members are alike. */
export const kindList: [string, BackendKind<z.ZodType>][] = Object.entries(backendKinds);

/** A service's `backend`: exactly one of the keys. */
export const backendSchema = exactlyOne(
  z.strictObject(
    Object.fromEntries(kindList.map(([key, { schema }]) => [key, schema.optional()])) as {
      [Key in keyof Kinds]: z.ZodOptional<Kinds[Key]["schema"]>;
    },
  ),
  Object.keys(backendKinds) as (keyof Kinds)[],
  "; docs/add-an-api.md says what to do with others",
).describe("Where the service runs; see docs/add-an-api.md");
