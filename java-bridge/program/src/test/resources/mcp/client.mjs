// A session of the protocol's own client: node client.mjs FOLDER COMMAND…
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const [folder, command, ...args] = process.argv.slice(2);
const client = new Client({ name: "test", version: "1.0.0" });
await client.connect(new StdioClientTransport({ command, args: [...args, "--allow", folder] }));
const { tools } = await client.listTools();
const call = (name, parameters) => client.callTool({ name, arguments: parameters });
const compared = await call("compare", { captures: ["client.pcap", "server.pcap"], max_characters: 20000 });
const refused = await call("inspect", { capture: "/etc/passwd" });
const explained = await call("explain", { subject: "1380" });
console.log(
  JSON.stringify({
    server: client.getServerVersion(),
    tools: tools.map((tool) => tool.name),
    verdict: JSON.parse(compared.content[1].text).summary.verdict,
    size: compared.content[1].text.length,
    refused: refused.isError,
    explained: explained.content[0].text.includes("1380"),
  }),
);
await client.close();
