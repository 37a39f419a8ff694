import type { CodegenConfig } from '@graphql-codegen/cli'

/**
 * What a client developer gets out of the contract: the types of the documents in docs/examples/ and in the
 * tests, made from the committed schema alone. `npm run codegen` writes them; a test compares.
 */
const config: CodegenConfig = {
  schema: 'schema/api.graphql',
  // Operations that only compare engines are nobody's client.
  documents: ['docs/examples/*.graphql', 'test/**/*.graphql', '!test/end-to-end/operations/**'],
  generates: {
    'test/generated/operations.ts': {
      plugins: ['typescript-operations', 'typed-document-node'],
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        immutableTypes: true,
        strictScalars: true,
        scalars: { DateTime: 'string', PartialDate: 'string', Postcode: 'string' },
      },
    },
  },
}

export default config
