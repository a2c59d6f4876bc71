declare module 'zapier-platform-schema' {
  const schema: { validateAppDefinition(definition: unknown): { errors: unknown[] } };
  export default schema;
}
