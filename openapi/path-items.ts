import { type JsonObject, put } from "../lib/json";

/** Path items that are being made. A map inside, since a path can have the name of a property of every object. */
export class PathItems {
  readonly #items = new Map<string, JsonObject>();

  /** The item of a path, made when it is first asked for. */
  at(path: string): JsonObject {
    const item = this.#items.get(path) ?? {};
    this.#items.set(path, item);
    return item;
  }

  get paths(): string[] {
    return [...this.#items.keys()];
  }

  toObject(): JsonObject {
    const object: JsonObject = {};
    for (const [path, item] of this.#items) put(object, path, item);
    return object;
  }
}
