import { configFromEnvironment } from '../infra/config/environment.js';
import { Keyring } from '../infra/crypto/keyring.js';

/** Creates the key files that the keys folder does not hold yet; existing keys stay as they are. */
Keyring.create(configFromEnvironment().keysDir);
