// Reads queries with the ANTLR grammars of dt-sql-parser; says what they do not accept.
//
//     node antlr.mjs GRAMMAR FILE...     beside the folder `node_modules` with the package
//
// Knows nothing about metrics. The package is written for bundlers: its imports leave out the ends of file names.
import { readFileSync } from 'node:fs';
import { register } from 'node:module';

const hooks = `
  export async function resolve(specifier, context, next) {
    try { return await next(specifier, context); } catch (error) {
      for (const end of ['.js', '/index.js']) {
        try { return await next(specifier + end, context); } catch {}
      }
      throw error;
    }
  }
  export async function load(url, context, next) {
    const isTheirs = url.includes('/dt-sql-parser/') && url.endsWith('.js');
    return next(url, isTheirs ? { ...context, format: 'module' } : context);
  }`;
register('data:text/javascript,' + encodeURIComponent(hooks));

const { SparkSQL, TrinoSQL } = await import('dt-sql-parser');
const grammars = { databricks: SparkSQL, spark: SparkSQL, trino: TrinoSQL };
const [name, ...files] = process.argv.slice(2);
const parser = new grammars[name]();
let refused = 0;
for (const file of files) {
  const [error] = parser.validate(readFileSync(file, 'utf8'));
  if (error) {
    refused += 1;
    console.log(`${file}:${error.startLine}: ${error.message}`);
  }
}
console.log(`dt-sql-parser, ${name}: ${files.length} queries, ${refused} refused`);
process.exit(refused > 0 ? 1 : 0);
