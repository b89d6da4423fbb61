import type { SubscriptionDefinition, TransportMessage } from '@alpes/messaging';
import {
  createSimulator,
  simulatorSettings,
} from '../../../../services/payment/src/adapters/payment-gateway/simulator.js';
import type { PaymentGateway } from '../../../../services/payment/src/domain/payment-gateway.js';
import { type Books, openBooks } from './books.js';
import type { LifeFaults } from './faults.js';
import { createLifeModel, type LifeModel } from './life-model.js';
import type { MemoryDatabase, MemoryTx } from './memory-database.js';
import { createOrderService, type OrderService } from './order-service.js';
import { createPaymentService, type PaymentService } from './payment-service.js';
import type { PaymentWorker } from './payment-worker.js';
import type { LifeScript } from './script.js';
import type { LifeTheatre } from './theatre.js';
import { createTopic, type Message, type Topic } from './topics.js';
import { createTurns, type How, type Turns } from './turns.js';

/** A topic with the service that moves orders on by it. */
export interface Line extends Topic {
  /** Handles messages in a transaction of the service. */
  transact(messages: readonly Message[], how: How): Promise<void>;
  forgetInbox(): void;
}

/** Order and payment with their databases in memory, their topics, the gateway, and the model of what they do. */
export interface LifeWorld {
  readonly theatre: LifeTheatre;
  readonly faults: LifeFaults;
  readonly story: string[];
  readonly model: LifeModel;
  readonly turns: Turns;
  readonly orders: OrderService;
  readonly payments: PaymentService;
  readonly lines: readonly Line[];
  readonly books: Books;
  /** As it is now. */
  gateway(): PaymentGateway;
  gatewayIsDown: boolean;
  /** The workers that have not been told to stop. */
  readonly workers: PaymentWorker[];
  /** How many workers there were: their names. */
  entered: number;
  /** The ids of the orders that the script speaks of. */
  readonly orderIds: readonly string[];
  /** How many commands were given for each order. */
  readonly given: Map<string, number>;
  /** How many messages will come again later. */
  dropped: number;
  nameOf(orderId: string): string;
}

const ID = '00000000-0000-7000-8000-00000000';

export function openLifeWorld(theatre: LifeTheatre, script: LifeScript, faults: LifeFaults): LifeWorld {
  const orderIds = script.orders.map((end) => `${ID}${end.toString(16).padStart(4, '0')}`);
  const nameOf = (id: string): string => `order ${orderIds.indexOf(id) + 1}`;
  const model = createLifeModel(nameOf);
  const lines: Line[] = [];
  const publish = (messages: readonly TransportMessage[]): void => {
    for (const message of messages) {
      model.published(message);
      lines.find(({ topic }) => topic === message.topic)?.publish(message);
    }
  };
  const orders = createOrderService(faults, publish, model.ordersChanged);
  const payments = createPaymentService(faults, publish, model.transactionsChanged);
  const handledOnce = new Set<string>();
  const arrived = (message: Message, isNew: boolean): void => {
    const name = `${message.incoming.envelope.type} ${message.id}`;
    if (!isNew) theatre.saw('a message came again');
    if (isNew && handledOnce.has(name)) theatre.saw('a message was handled again, for the inbox had forgotten it');
    handledOnce.add(name);
  };
  for (const subscription of orders.subscriptions) lines.push(lineOf(orders.database, subscription, arrived));
  lines.push(lineOf(payments.database, payments.subscription, arrived));
  const books = openBooks();
  const gateways = openGateways(script, faults, books);
  const world: LifeWorld = {
    ...{ theatre, faults, model, orders, payments, lines, books, orderIds, nameOf },
    ...{ story: [], turns: createTurns(), workers: [], entered: 0, given: new Map(), dropped: 0 },
    ...{ gatewayIsDown: false, gateway: () => (world.gatewayIsDown ? gateways.down : gateways.up) },
  };
  return world;
}

function lineOf<Row>(
  database: MemoryDatabase<Row>,
  subscription: SubscriptionDefinition<MemoryTx<Row>>,
  arrived: (message: Message, isNew: boolean) => void,
): Line {
  const topic = createTopic(subscription, arrived);
  return Object.assign(topic, {
    transact: (messages: readonly Message[], how: How) => database.transaction(how, (tx) => topic.handle(messages, tx)),
    forgetInbox: database.forgetInbox,
  });
}

/** The simulator as it works and as it is away, over the same books. */
function openGateways({ fault }: LifeScript, faults: LifeFaults, books: Books) {
  const settings = simulatorSettings.parse({
    ...{ GATEWAY_DATABASE_URL: 'postgresql://localhost/books', SIMULATOR_APPROVAL_RATE: '0.5' },
    ...{ SIMULATOR_FAULT: fault, SIMULATOR_FAULT_RATE: '0.5' },
  });
  const ledger = faults.books?.(books) ?? books;
  const open = (more: Partial<typeof settings>): PaymentGateway => {
    const simulator = createSimulator({ ...settings, ...more }, ledger);
    return faults.gateway?.(simulator) ?? simulator;
  };
  return { up: open({}), down: open({ SIMULATOR_FAULT: 'down', SIMULATOR_FAULT_RATE: 1 }) };
}
