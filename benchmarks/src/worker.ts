/**
 * The measuring process: one request as JSON on the command line, one line of JSON as the answer.
 * @module
 */

import { measure, type MeasurementRequest } from './measurement.ts';

const request = JSON.parse(process.argv[2] ?? '') as MeasurementRequest;
const answer = JSON.stringify(await measure(request));
// Ends at once, since an engine's threads may still be about.
process.stdout.write(`${answer}\n`, () => process.exit(0));
