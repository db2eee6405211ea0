// @ts-check
import { Gate } from './gate.mjs';
import { install } from './install.mjs';
import { planFromEnvironment } from './plan.mjs';

const plan = planFromEnvironment();
if (plan !== undefined) await install(new Gate(plan));
