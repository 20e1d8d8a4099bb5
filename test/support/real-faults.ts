/** Which alerts are also proved by breaking something real, for the documentation. */
import { REAL_FAULTS as SERVER_AND_TRAFFIC_FAULTS } from './faults/real-faults.ts';
import { STACK_FAULTS } from './faults/stack-faults.ts';

export interface RealFault {
  readonly alert: string;
  /** What is broken, in words. */
  readonly fault: string;
}

/** One row for each fault; an alert may have several. */
export const REAL_FAULTS: readonly RealFault[] = [...SERVER_AND_TRAFFIC_FAULTS, ...STACK_FAULTS].map(
  ({ alert, what }) => ({ alert, fault: what }),
);
