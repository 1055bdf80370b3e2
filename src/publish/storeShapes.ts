import type { PresetName, ReadTemplate, RequestTemplate } from './types.ts';

/** How a store is asked for all its keys: where they stand in its JSON (`*` is each of a list), or in which tag of its XML. */
export type ListTemplate = RequestTemplate & {
  keysAt: string;
  base64?: boolean;
  xml?: true;
  /** Where the answer says what to ask for the next page, and the parameter of the address that takes it. */
  next?: { at: string; param: string };
};
/** Everything about a kind of store: data, no code. */
export type StoreShape = {
  prefix: string;
  /** Header and form in which it wants a token. */
  token: { header: string; form: string };
  put: RequestTemplate;
  remove: RequestTemplate | false;
  read: ReadTemplate;
  list?: ListTemplate;
  /** Only who names the revision it holds may write: it is read first, stands there in its JSON, and is named by this parameter and If-Match. */
  revision?: { at: string; param: string };
  /** Requests are signed with the keys of `s3`. */
  signed?: true;
  /** It keeps what it gets and reads no headers of ours. */
  isPlain?: true;
};

const bearer = { header: 'authorization', form: 'Bearer {token}' };

/** What applications that speak our language take: the address of a prompt is that of the target and its path. */
export const ownShape: StoreShape = {
  prefix: '',
  token: bearer,
  put: { method: 'PUT', body: 'served' },
  remove: { method: 'DELETE' },
  read: { method: 'GET' },
};

export const storeShapes: { readonly [Name in PresetName]: StoreShape } = {
  // https://etcd.io/docs/v3.5/dev-guide/api_grpc_gateway/
  etcd: {
    prefix: 'promptvault/',
    token: { header: 'authorization', form: '{token}' },
    put: { method: 'POST', url: '/v3/kv/put', body: { key: '{key:base64}', value: '{value:base64}' } },
    remove: { method: 'POST', url: '/v3/kv/deleterange', body: { key: '{key:base64}' } },
    read: { method: 'POST', url: '/v3/kv/range', body: { key: '{key:base64}' }, at: 'kvs.0.value', base64: true },
    list: {
      ...{ method: 'POST', url: '/v3/kv/range', keysAt: 'kvs.*.key', base64: true },
      body: { key: '{prefixStart:base64}', range_end: '{prefixEnd:base64}', keys_only: true },
    },
    isPlain: true,
  },
  // https://developer.hashicorp.com/consul/api-docs/kv
  consul: {
    prefix: 'promptvault/',
    token: { header: 'x-consul-token', form: '{token}' },
    put: { method: 'PUT', url: '/v1/kv/{key}', body: 'served' },
    remove: { method: 'DELETE', url: '/v1/kv/{key}' },
    read: { method: 'GET', url: '/v1/kv/{key}?raw' },
    list: { method: 'GET', url: '/v1/kv/{prefix}?keys', keysAt: '*' },
    isPlain: true,
  },
  // https://docs.couchdb.org/en/stable/api/document/common.html
  couchdb: {
    prefix: 'promptvault/',
    token: bearer,
    put: { method: 'PUT', url: '/{key:component}', body: 'served' },
    remove: { method: 'DELETE', url: '/{key:component}' },
    read: { method: 'GET', url: '/{key:component}' },
    list: {
      ...{ method: 'GET', keysAt: 'rows.*.id' },
      url: '/_all_docs?startkey=%22{prefix:component}%22&endkey=%22{prefix:component}%EF%BF%B0%22',
    },
    revision: { at: '_rev', param: 'rev' },
    isPlain: true,
  },
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
  s3: {
    prefix: 'promptvault/',
    token: bearer,
    put: { method: 'PUT', url: '/{key}', body: 'served' },
    remove: { method: 'DELETE', url: '/{key}' },
    read: { method: 'GET', url: '/{key}' },
    list: {
      ...{ method: 'GET', url: '/?list-type=2&prefix={prefix:component}', keysAt: 'Key', xml: true },
      next: { at: 'NextContinuationToken', param: 'continuation-token' },
    },
    signed: true,
    isPlain: true,
  },
  // https://developers.cloudflare.com/api/resources/kv/
  'cloudflare-kv': {
    prefix: 'promptvault/',
    token: bearer,
    put: { method: 'PUT', url: '/values/{key:component}', body: 'served' },
    remove: { method: 'DELETE', url: '/values/{key:component}' },
    read: { method: 'GET', url: '/values/{key:component}' },
    list: {
      ...{ method: 'GET', url: '/keys?prefix={prefix:component}', keysAt: 'result.*.name' },
      next: { at: 'result_info.cursor', param: 'cursor' },
    },
    isPlain: true,
  },
};
