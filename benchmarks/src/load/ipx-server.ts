/**
 * ipx as its README shows it, on a folder of files.
 * @module
 */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createIPX, createIPXNodeServer, ipxFSStorage } from 'ipx';

const folder = process.argv[2] as string;
const ipx = createIPX({ storage: ipxFSStorage({ dir: folder }) });
const server = createServer(createIPXNodeServer(ipx));

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(`listens on http://127.0.0.1:${port}`);
});
