/** What has to take place in the schedules that are played, or they would prove less than they say. */
export const LIFE_HAPPENINGS = [
  'an order was asked for again, with other lines',
  'a message came again',
  'a message was handled again, for the inbox had forgotten it',
  'a message was dropped and came later',
  'a message overtook an older one',
  'a message overtook an older one of its key',
  'messages were handled together',
  'a transaction was rolled back',
  'the answer of a commit was lost',
  'the answer of a claim was lost',
  'a worker was killed after the charge, before its record',
  'a worker was killed before the charge',
  'a worker was stopped during a call',
  'two workers held one transaction',
  'a failure was told by one who had lost the lease',
  'an answer was recorded by one who had lost the lease',
  'the gateway was down',
  'a request was lost',
  'an answer was lost',
  'an answer came twice',
  'an answer came after its deadline',
  'a charge was made after its caller had given up',
  'an order was approved',
  'an order was rejected',
] as const;

export type LifeHappening = (typeof LIFE_HAPPENINGS)[number];
