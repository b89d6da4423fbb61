/** The replicas of payment. */
export const SEATS = 2;
