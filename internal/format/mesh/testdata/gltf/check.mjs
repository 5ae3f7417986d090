// Checks files with the Khronos glTF validator and says as JSON what it found in each: the
// numbers of errors, warnings and infos with their codes, and what it counted.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import validator from "gltf-validator";

const found = {};
for (const path of process.argv.slice(2)) {
  const report = await validator.validateBytes(new Uint8Array(readFileSync(path)), { maxIssues: 100 });
  found[basename(path)] = {
    errors: report.issues.numErrors, warnings: report.issues.numWarnings, infos: report.issues.numInfos, hints: report.issues.numHints,
    codes: report.issues.messages.map((message) => message.code),
    triangles: report.info.totalTriangleCount, vertices: report.info.totalVertexCount,
  };
}
process.stdout.write(JSON.stringify(found));
