#!/usr/bin/env node
/**
 * The server's own executable; `safelight serve` runs the same program.
 * @module
 */

import { runProgram } from './program.ts';

await runProgram();
