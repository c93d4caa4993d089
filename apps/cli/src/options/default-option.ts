/** Options with a default that the help shows as it is typed: `(default: 1000)`, not `(default: "1000")`. */
import { Option } from 'commander';

/** An option that takes a value. @param value the default, as text */
export function defaultOption(flags: string, description: string, value: string): Option {
  return new Option(flags, description).default(value, value);
}
