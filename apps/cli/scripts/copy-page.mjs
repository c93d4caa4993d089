/** Puts the built page into this package's `dist`, so that `kindling ui` has it wherever the command is installed. */
import { cpSync } from 'node:fs';

cpSync('../web/dist', 'dist/page', { recursive: true });
