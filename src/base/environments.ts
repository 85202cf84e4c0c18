/** The two environments of the plan. */
export const environmentNames = ['staging', 'production'] as const;
export type EnvironmentName = (typeof environmentNames)[number];

/** The value of `environment` in events: KPIs leave out everything that is not `prod`. */
export const eventEnvironment = { staging: 'staging', production: 'prod' } as const;
