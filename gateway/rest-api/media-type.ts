/** `Application/JSON; charset=utf-8` → `application/json`; the first type of a list. */
export function mediaType(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  return ((header.split(",")[0] as string).split(";")[0] as string).trim().toLowerCase();
}

/** The entry for a content type: by the whole header, by the media type alone, or `$default`. */
export function entryFor<T>(
  map: ReadonlyMap<string, T>,
  header: string | undefined,
): [string, T] | undefined {
  for (const key of [header, mediaType(header), "$default"]) {
    if (key !== undefined && map.has(key)) return [key, map.get(key) as T];
  }
  return undefined;
}
