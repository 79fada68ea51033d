// Says whether the document on standard input is OpenAPI 3.1, by the OpenAPI Initiative's own schema, whether all it
// refers to is there, and whether its schemas are JSON Schema 2020-12. Prints "ok".
import { text } from "node:stream/consumers";
import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv from "ajv/dist/2020.js";

const described = JSON.parse(await text(process.stdin));
const validator = new Validator();
const { valid, errors } = await validator.validate(described);
if (!valid) throw new Error(JSON.stringify(errors, null, 2));
if (validator.version !== "3.1") throw new Error(`it is of version ${validator.version}`);
const ajv = new Ajv({ validateFormats: false });
for (const [name, schema] of Object.entries(described.components.schemas))
  if (!ajv.validateSchema(schema)) throw new Error(`${name}: ${ajv.errorsText()}`);
console.log("ok");
