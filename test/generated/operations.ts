/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** How far a case has come. */
export type CaseStage =
  | 'ASSESSED'
  | 'CLOSED'
  | 'CONCERN'
  | 'INTAKE'
  | 'MONITORED'
  | 'OPEN';

/** What the agreement decided about a value. */
export type Decision =
  | 'GENERALISE'
  | 'SHARE'
  | 'WITHHOLD';

/** What kind of thing happened. */
export type EventKind =
  | 'ALLEGATION'
  | 'APPOINTMENT'
  | 'ARREST'
  | 'BREACH'
  | 'CARE_PLAN'
  | 'CONTACT'
  | 'CRIME'
  | 'DIAGNOSIS'
  | 'ENGAGEMENT'
  | 'INTELLIGENCE'
  | 'ORDER'
  | 'OTHER'
  | 'REFERRAL'
  | 'RISK_ASSESSMENT'
  | 'SAFETY_MEASURE'
  | 'UNIT';

/** Where the law stands; a place in a case is not a finding. */
export type LegalStatus =
  | 'ACQUITTED'
  | 'ALLEGED'
  | 'CHARGED'
  | 'CONVICTED'
  | 'NO_FURTHER_ACTION';

/** How it ended. */
export type LogOutcome =
  | 'ANSWERED'
  | 'FAILED'
  | 'PARTIAL'
  | 'REFUSED';

/** How a person figures in a case. */
export type PartKind =
  | 'CHILD'
  | 'PERPETRATOR'
  | 'SECONDARY_VICTIM'
  | 'VICTIM'
  | 'WITNESS';

/** How great a risk is, as the named tool says it. */
export type RiskLevel =
  | 'HIGH'
  | 'LOW'
  | 'MODERATE';

export type AccessLogQueryVariables = Exact<{
  from?: string | null | undefined;
  to?: string | null | undefined;
  case?: string | number | null | undefined;
  after?: string | null | undefined;
}>;


export type AccessLogQuery = { readonly accessLog: { readonly edges: ReadonlyArray<{ readonly cursor: string, readonly node: { readonly id: string, readonly request: string | null, readonly at: string | null, readonly what: string | null, readonly outcome: LogOutcome | null, readonly caller: string | null, readonly callerRoles: ReadonlyArray<string> | null, readonly purpose: string | null, readonly callerAgency: { readonly id: string } | null, readonly decisions: ReadonlyArray<{ readonly coordinate: string | null, readonly decision: Decision | null, readonly reason: string | null, readonly clause: string | null, readonly count: number | null }> | null } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type BreakGlassByNameMutationVariables = Exact<{
  given: string;
  family: string;
  bornOn: string;
  reason: string;
  until: string;
}>;


export type BreakGlassByNameMutation = { readonly breakGlassByName: { readonly cases: ReadonlyArray<{ readonly id: string, readonly reference: string | null }> } | null };

export type CaseViewQueryVariables = Exact<{
  id: string | number;
}>;


export type CaseViewQuery = { readonly case: { readonly id: string, readonly version: string | null, readonly reference: string | null, readonly stage: CaseStage | null, readonly parts: ReadonlyArray<{ readonly id: string, readonly as: PartKind | null, readonly legalStatus: LegalStatus | null, readonly knownNames: ReadonlyArray<{ readonly given: string | null, readonly family: string | null }> | null, readonly person: { readonly records: ReadonlyArray<
          | { readonly __typename: 'CharityRecord', readonly id: string, readonly bornOn: string | null, readonly agency: { readonly id: string, readonly name: string | null } | null, readonly names: ReadonlyArray<{ readonly given: string | null, readonly family: string | null }> | null, readonly addresses: ReadonlyArray<{ readonly lines: ReadonlyArray<string> | null, readonly postcode: string | null }> | null }
          | { readonly __typename: 'NhsRecord', readonly id: string, readonly bornOn: string | null, readonly agency: { readonly id: string, readonly name: string | null } | null, readonly names: ReadonlyArray<{ readonly given: string | null, readonly family: string | null }> | null, readonly addresses: ReadonlyArray<{ readonly lines: ReadonlyArray<string> | null, readonly postcode: string | null }> | null }
          | { readonly __typename: 'PoliceRecord', readonly id: string, readonly bornOn: string | null, readonly agency: { readonly id: string, readonly name: string | null } | null, readonly names: ReadonlyArray<{ readonly given: string | null, readonly family: string | null }> | null, readonly addresses: ReadonlyArray<{ readonly lines: ReadonlyArray<string> | null, readonly postcode: string | null }> | null }
        > | null } | null, readonly safeContact: ReadonlyArray<{ readonly id: string }> | null, readonly warnings: ReadonlyArray<{ readonly id: string }> | null }> | null, readonly team: ReadonlyArray<{ readonly id: string }> | null } | null };

export type ChronologyPageQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
  first?: number;
  kinds?: ReadonlyArray<EventKind> | EventKind | null | undefined;
}>;


export type ChronologyPageQuery = { readonly case: { readonly id: string, readonly chronology: { readonly edges: ReadonlyArray<{ readonly cursor: string, readonly node:
          | { readonly __typename: 'CharityEvent', readonly id: string, readonly at: string | null, readonly kind: EventKind | null, readonly agency: { readonly id: string, readonly name: string | null } | null }
          | { readonly __typename: 'CharityRiskAssessment', readonly id: string, readonly at: string | null, readonly kind: EventKind | null, readonly agency: { readonly id: string, readonly name: string | null } | null }
          | { readonly __typename: 'CharitySafetyMeasure', readonly id: string, readonly at: string | null, readonly kind: EventKind | null, readonly agency: { readonly id: string, readonly name: string | null } | null }
          | { readonly __typename: 'NhsAppointment', readonly id: string, readonly at: string | null, readonly kind: EventKind | null, readonly agency: { readonly id: string, readonly name: string | null } | null }
          | { readonly __typename: 'NhsCarePlan', readonly id: string, readonly at: string | null, readonly kind: EventKind | null, readonly agency: { readonly id: string, readonly name: string | null } | null }
          | { readonly __typename: 'NhsEvent', readonly id: string, readonly at: string | null, readonly kind: EventKind | null, readonly agency: { readonly id: string, readonly name: string | null } | null }
          | { readonly __typename: 'NhsFormulation', readonly id: string, readonly at: string | null, readonly kind: EventKind | null, readonly agency: { readonly id: string, readonly name: string | null } | null }
          | { readonly __typename: 'NhsReferral', readonly id: string, readonly at: string | null, readonly kind: EventKind | null, readonly agency: { readonly id: string, readonly name: string | null } | null }
          | { readonly __typename: 'NhsRiskAssessment', readonly id: string, readonly at: string | null, readonly kind: EventKind | null, readonly agency: { readonly id: string, readonly name: string | null } | null }
          | { readonly __typename: 'NhsTherapyNote', readonly id: string, readonly at: string | null, readonly kind: EventKind | null, readonly agency: { readonly id: string, readonly name: string | null } | null }
          | { readonly __typename: 'PoliceEvent', readonly id: string, readonly at: string | null, readonly kind: EventKind | null, readonly agency: { readonly id: string, readonly name: string | null } | null }
          | { readonly __typename: 'PoliceIntelligence', readonly id: string, readonly at: string | null, readonly kind: EventKind | null, readonly agency: { readonly id: string, readonly name: string | null } | null }
          | { readonly __typename: 'PoliceOrder', readonly id: string, readonly at: string | null, readonly kind: EventKind | null, readonly agency: { readonly id: string, readonly name: string | null } | null }
          | { readonly __typename: 'PoliceOrderDraft', readonly id: string, readonly at: string | null, readonly kind: EventKind | null, readonly agency: { readonly id: string, readonly name: string | null } | null }
          | { readonly __typename: 'PoliceReport', readonly id: string, readonly at: string | null, readonly kind: EventKind | null, readonly agency: { readonly id: string, readonly name: string | null } | null }
          | { readonly __typename: 'UnitEvent', readonly id: string, readonly at: string | null, readonly kind: EventKind | null, readonly agency: { readonly id: string, readonly name: string | null } | null }
         }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } | null } | null };

export type EmergencyCardQueryVariables = Exact<{
  id: string | number;
}>;


export type EmergencyCardQuery = { readonly case: { readonly reference: string | null, readonly stage: CaseStage | null, readonly team: ReadonlyArray<{ readonly role: string | null, readonly worker: string | null, readonly workContact: string | null }> | null, readonly parts: ReadonlyArray<{ readonly id: string, readonly as: PartKind | null, readonly person: { readonly records: ReadonlyArray<
          | { readonly bornOn: string | null, readonly agency: { readonly name: string | null } | null, readonly names: ReadonlyArray<{ readonly given: string | null, readonly family: string | null }> | null }
          | { readonly bornOn: string | null, readonly agency: { readonly name: string | null } | null, readonly names: ReadonlyArray<{ readonly given: string | null, readonly family: string | null }> | null }
          | { readonly phones: ReadonlyArray<string> | null, readonly warnings: ReadonlyArray<string> | null, readonly bornOn: string | null, readonly addresses: ReadonlyArray<{ readonly lines: ReadonlyArray<string> | null, readonly postcode: string | null }> | null, readonly agency: { readonly name: string | null } | null, readonly names: ReadonlyArray<{ readonly given: string | null, readonly family: string | null }> | null }
        > | null } | null, readonly safeContact: ReadonlyArray<{ readonly channel: string | null, readonly times: string | null, readonly voicemail: boolean | null, readonly codeWord: string | null, readonly neverDo: string | null }> | null, readonly warnings: ReadonlyArray<{ readonly marker: string | null, readonly advice: ReadonlyArray<string> | null }> | null, readonly orders: ReadonlyArray<{ readonly kind: string | null, readonly servedOn: string | null, readonly to: string | null, readonly prohibitions: ReadonlyArray<string> | null, readonly requirements: ReadonlyArray<string> | null }> | null, readonly assessments: ReadonlyArray<{ readonly level: RiskLevel | null, readonly assessedOn: string | null }> | null, readonly safetyPlan: ReadonlyArray<{ readonly emergency: boolean | null, readonly emergencyStep: string | null }> | null }> | null } | null };


export const AccessLogDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"AccessLog"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"from"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"DateTime"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"to"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"DateTime"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"case"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accessLog"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"from"},"value":{"kind":"Variable","name":{"kind":"Name","value":"from"}}},{"kind":"Argument","name":{"kind":"Name","value":"to"},"value":{"kind":"Variable","name":{"kind":"Name","value":"to"}}},{"kind":"Argument","name":{"kind":"Name","value":"case"},"value":{"kind":"Variable","name":{"kind":"Name","value":"case"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"50"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"request"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"what"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"caller"}},{"kind":"Field","name":{"kind":"Name","value":"callerAgency"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"callerRoles"}},{"kind":"Field","name":{"kind":"Name","value":"purpose"}},{"kind":"Field","name":{"kind":"Name","value":"decisions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"coordinate"}},{"kind":"Field","name":{"kind":"Name","value":"decision"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"clause"}},{"kind":"Field","name":{"kind":"Name","value":"count"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<AccessLogQuery, AccessLogQueryVariables>;
export const BreakGlassByNameDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"BreakGlassByName"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"given"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"family"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"bornOn"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"PartialDate"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"reason"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"until"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DateTime"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"breakGlassByName"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"given"},"value":{"kind":"Variable","name":{"kind":"Name","value":"given"}}},{"kind":"ObjectField","name":{"kind":"Name","value":"family"},"value":{"kind":"Variable","name":{"kind":"Name","value":"family"}}},{"kind":"ObjectField","name":{"kind":"Name","value":"bornOn"},"value":{"kind":"Variable","name":{"kind":"Name","value":"bornOn"}}},{"kind":"ObjectField","name":{"kind":"Name","value":"categories"},"value":{"kind":"ListValue","values":[{"kind":"StringValue","value":"CASE_STATUS","block":false},{"kind":"StringValue","value":"TEAM","block":false},{"kind":"StringValue","value":"IDENTITY","block":false},{"kind":"StringValue","value":"SAFE_CONTACT","block":false},{"kind":"StringValue","value":"CONTACT","block":false},{"kind":"StringValue","value":"LOCATION","block":false},{"kind":"StringValue","value":"RISK_LEVEL","block":false},{"kind":"StringValue","value":"SAFETY_PLAN","block":false}]}},{"kind":"ObjectField","name":{"kind":"Name","value":"reason"},"value":{"kind":"Variable","name":{"kind":"Name","value":"reason"}}},{"kind":"ObjectField","name":{"kind":"Name","value":"until"},"value":{"kind":"Variable","name":{"kind":"Name","value":"until"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cases"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"reference"}}]}}]}}]}}]} as unknown as DocumentNode<BreakGlassByNameMutation, BreakGlassByNameMutationVariables>;
export const CaseViewDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"CaseView"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"case"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"reference"}},{"kind":"Field","name":{"kind":"Name","value":"stage"}},{"kind":"Field","name":{"kind":"Name","value":"parts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"as"}},{"kind":"Field","name":{"kind":"Name","value":"legalStatus"}},{"kind":"Field","name":{"kind":"Name","value":"knownNames"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"given"}},{"kind":"Field","name":{"kind":"Name","value":"family"}}]}},{"kind":"Field","name":{"kind":"Name","value":"person"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"records"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"agency"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"names"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"given"}},{"kind":"Field","name":{"kind":"Name","value":"family"}}]}},{"kind":"Field","name":{"kind":"Name","value":"bornOn"}},{"kind":"Field","name":{"kind":"Name","value":"addresses"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"lines"}},{"kind":"Field","name":{"kind":"Name","value":"postcode"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"safeContact"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"warnings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"team"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]} as unknown as DocumentNode<CaseViewQuery, CaseViewQueryVariables>;
export const ChronologyPageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ChronologyPage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},"defaultValue":{"kind":"IntValue","value":"20"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"kinds"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"EventKind"}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"case"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"chronology"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"kinds"},"value":{"kind":"Variable","name":{"kind":"Name","value":"kinds"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"agency"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]}}]} as unknown as DocumentNode<ChronologyPageQuery, ChronologyPageQueryVariables>;
export const EmergencyCardDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"EmergencyCard"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"case"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reference"}},{"kind":"Field","name":{"kind":"Name","value":"stage"}},{"kind":"Field","name":{"kind":"Name","value":"team"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"worker"}},{"kind":"Field","name":{"kind":"Name","value":"workContact"}}]}},{"kind":"Field","name":{"kind":"Name","value":"parts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"as"}},{"kind":"Field","name":{"kind":"Name","value":"person"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"records"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"agency"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"names"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"given"}},{"kind":"Field","name":{"kind":"Name","value":"family"}}]}},{"kind":"Field","name":{"kind":"Name","value":"bornOn"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PoliceRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"phones"}},{"kind":"Field","name":{"kind":"Name","value":"addresses"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"lines"}},{"kind":"Field","name":{"kind":"Name","value":"postcode"}}]}},{"kind":"Field","name":{"kind":"Name","value":"warnings"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"safeContact"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"channel"}},{"kind":"Field","name":{"kind":"Name","value":"times"}},{"kind":"Field","name":{"kind":"Name","value":"voicemail"}},{"kind":"Field","name":{"kind":"Name","value":"codeWord"}},{"kind":"Field","name":{"kind":"Name","value":"neverDo"}}]}},{"kind":"Field","name":{"kind":"Name","value":"warnings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"marker"}},{"kind":"Field","name":{"kind":"Name","value":"advice"}}]}},{"kind":"Field","name":{"kind":"Name","value":"orders"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"servedOn"}},{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"prohibitions"}},{"kind":"Field","name":{"kind":"Name","value":"requirements"}}]}},{"kind":"Field","name":{"kind":"Name","value":"assessments"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"level"}},{"kind":"Field","name":{"kind":"Name","value":"assessedOn"}}]}},{"kind":"Field","name":{"kind":"Name","value":"safetyPlan"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"emergency"}},{"kind":"Field","name":{"kind":"Name","value":"emergencyStep"}}]}}]}}]}}]}}]} as unknown as DocumentNode<EmergencyCardQuery, EmergencyCardQueryVariables>;