// jsforce, which knows nothing of this project, signs in to the sandbox org, queries it with
// paging, and runs a Bulk 2.0 query. Prints what it found as one JSON object.
import jsforce from "jsforce";

const [loginUrl, username, password, objectName] = process.argv.slice(2);
const connection = new jsforce.Connection({ loginUrl, version: "64.0" });
const user = await connection.login(username, password);
const described = await connection.describe(objectName);

const byQuery = [];
let page = await connection.query(`SELECT Id, Name FROM ${objectName} ORDER BY Id`);
const pageCount = { value: 1 };
byQuery.push(...page.records);
while (!page.done) {
  page = await connection.queryMore(page.nextRecordsUrl);
  pageCount.value += 1;
  byQuery.push(...page.records);
}

const byBulk = [];
const stream = await connection.bulk2.query(`SELECT Id, Name FROM ${objectName}`);
for await (const record of stream) {
  byBulk.push(record);
}

console.log(
  JSON.stringify({
    organizationId: user.organizationId,
    fields: described.fields.length,
    totalSize: page.totalSize,
    pages: pageCount.value,
    byQuery: byQuery.map((record) => [record.Id, record.Name ?? ""]),
    byBulk: byBulk.map((record) => [record.Id, record.Name]),
  }),
);
