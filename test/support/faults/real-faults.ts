/** Every alert that is proved by breaking something real. */
import type { Fault } from './fault.ts';
import { SERVER_FAULTS } from './server-faults.ts';
import { SESSION_FAULTS } from './session-faults.ts';
import { TRAFFIC_FAULTS } from './traffic-faults.ts';

export const REAL_FAULTS: readonly Fault[] = [...SERVER_FAULTS, ...SESSION_FAULTS, ...TRAFFIC_FAULTS];
