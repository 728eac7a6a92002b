// Checks the documents in a directory with the parsers of those who read them: AsyncAPI's own, and Backstage's rules for entities.
// node check.mjs DIRECTORY; ends with 1 if one is not valid, or if there is none.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AvroSchemaParser } from '@asyncapi/avro-schema-parser';
import { Parser } from '@asyncapi/parser';
import * as backstage from '@backstage/catalog-model';
import yaml from 'js-yaml';

const ERROR = 0;
const asyncApi = new Parser();
asyncApi.registerSchemaParser(AvroSchemaParser());

const rules = backstage.EntityPolicies.allOf([
  new backstage.DefaultNamespaceEntityPolicy(),
  new backstage.SchemaValidEntityPolicy(),
  new backstage.FieldFormatEntityPolicy(),
  new backstage.NoForeignRootFieldsEntityPolicy(),
]);
const kinds = {
  API: backstage.apiEntityV1alpha1Validator,
  Component: backstage.componentEntityV1alpha1Validator,
  System: backstage.systemEntityV1alpha1Validator,
};

let checked = 0;
const problems = [];

async function checkAsyncApi(name, text) {
  checked++;
  const { document, diagnostics } = await asyncApi.parse(text);
  const errors = diagnostics.filter(one => one.severity === ERROR);
  errors.forEach(one => problems.push(`${name}: ${one.path.join('/')}: ${one.message}`));
  if (!document && errors.length === 0) {
    problems.push(`${name}: no document came out of it`);
  }
}

async function checkEntity(name, entity) {
  checked++;
  try {
    await rules.enforce(entity);
    if (!kinds[entity.kind] || !(await kinds[entity.kind].check(entity))) {
      throw new Error(`is no ${entity.kind}`);
    }
  } catch (refused) {
    problems.push(`${name}: ${refused.message}`);
    return;
  }
  if (entity.kind === 'API') {
    await checkAsyncApi(`${name}: ${entity.metadata.name}`, entity.spec.definition);
  }
}

const directory = process.argv[2];
for (const name of readdirSync(directory)) {
  const text = readFileSync(join(directory, name), 'utf8');
  if (name.endsWith('.asyncapi.yaml')) {
    await checkAsyncApi(name, text);
  } else if (name.endsWith('.catalog-info.yaml')) {
    for (const entity of yaml.loadAll(text)) {
      await checkEntity(name, entity);
    }
  }
}
problems.forEach(one => console.error(one));
console.log(`${checked} documents checked, ${problems.length} problems`);
process.exit(checked > 0 && problems.length === 0 ? 0 : 1);
