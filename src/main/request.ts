export type HubContext = object
