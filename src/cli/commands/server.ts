import { defineCommand } from '../command.ts';
import { setOption } from '../options.ts';

export const server = defineCommand({
  name: 'server',
  summary: 'serve tracking and registry to a team, and with --project its pipeline and endpoints',
  needs: 'state',
  options: {
    port: { kind: 'text', value: 'number', help: 'the port (MODELYARD_PORT)' },
    host: {
      kind: 'text',
      value: 'address',
      help: 'the address to listen on; one that others can reach needs a token or an issuer (MODELYARD_HOST)',
    },
    set: setOption,
  },
  environment: [
    ['MODELYARD_ADMIN_TOKEN', 'the token that callers send: as bearer token, or as the password of any user'],
    ['MODELYARD_OIDC_ISSUER', 'the OpenID Connect issuer that people sign in with; then also'],
    ['  MODELYARD_OIDC_CLIENT_ID', 'and MODELYARD_OIDC_CLIENT_SECRET (absent: a public client)'],
    ['  MODELYARD_OIDC_ROLES', 'the role of each value: ml-team=contributor,ml-leads=maintainer,*=viewer'],
    ['  MODELYARD_OIDC_CLAIM', 'the claim that has these values (default: groups)'],
    ['  MODELYARD_OIDC_AUDIENCE', 'the audience of bearer tokens (default: the client id)'],
    ['MODELYARD_PUBLIC_URL', 'where browsers find the server: https://models.example.org'],
    ['MODELYARD_HOSTS', 'names and addresses of the server, with commas'],
    ['MODELYARD_TRUSTED_PROXIES', 'addresses and ranges of your proxies, with commas: 10.0.0.0/8'],
    [
      'MODELYARD_WEBHOOK_HOSTS',
      'webhook receivers besides public ones over https: localhost:8080,10.0.0.0/8',
    ],
    ['MODELYARD_DATABASE_URL', 'postgres://…, instead of SQLite in the state folder'],
    ['MODELYARD_ARTIFACTS', 's3://bucket/folder, instead of the state folder'],
    ['MODELYARD_BLOBS', 's3://bucket/folder for data, models and results of the pipeline'],
    ['MODELYARD_CACHE_LIMIT', 'how much of that is also kept in the state folder (default: 10GB)'],
    ['MODELYARD_S3_ENDPOINT', "the address of an S3 store that is not Amazon's"],
    ['MODELYARD_MIRROR', 'an MLflow server that every change is sent to: modelyard mirror --help'],
  ],
  examples: [
    'modelyard server',
    'modelyard server --project examples/t20-score',
    'modelyard server --project examples/nba-games --set live=true',
    'MODELYARD_ADMIN_TOKEN=… modelyard server --host 0.0.0.0 --port 5000',
    'MLFLOW_TRACKING_URI=http://127.0.0.1:4310 python train.py',
  ],
  run: async (input, context) => (await import('../server/team-server.ts')).startServer(input, context),
});
