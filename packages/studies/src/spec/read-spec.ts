/** From unknown JSON to a spec by its schema, with one wording of what is wrong for every study. */
import { InvalidArgumentError } from '@kindling/core';
import { z } from 'zod';

/** The user's seed. */
export const seedSchema = z.int().min(0);

/** A whole number from 1 to `most`. */
export const countSchema = (most: number) => z.int().min(1).max(most);

/** A list that names at least one thing, and nothing twice. `things` is what they are called, such as `depths`. */
export function distinctList<Item extends z.ZodType>(item: Item, things: string) {
  return z
    .array(item)
    .min(1)
    .refine((values) => new Set(values).size === values.length, `expected distinct ${things}`);
}

/**
 * Reads a spec from JSON.
 *
 * @param study the study's name, with which the message begins
 * @throws InvalidArgumentError naming the field and what was expected; `details.field` is its path, such as
 *   `training.runs`
 */
export function readSpec<Spec>(study: string, schema: z.ZodType<Spec>, value: unknown): Spec {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue === undefined || issue.path.length === 0 ? 'the spec' : issue.path.join('.');
  throw new InvalidArgumentError(`${study}: ${field}: ${issue?.message ?? 'invalid'}`, {
    details: { field },
  });
}
