import type { INestApplication } from '@nestjs/common';
import { administratorsOnly } from './infra/http/administrators-only.js';
import { QUEUE_BOARD_PATH, QueueBoard } from './infra/queue/queue-board.js';
import { serveApiDescription } from './openapi.js';

/** Pages for administrators: the description of the API at /api/docs, the job queues at /admin/queues. */
export function serveAdministratorTools(app: INestApplication): void {
  app.use(['/api/docs', '/api/docs-json', '/api/docs-yaml', QUEUE_BOARD_PATH], administratorsOnly(app));
  app.use(QUEUE_BOARD_PATH, app.get(QueueBoard).handle);
  serveApiDescription(app);
}
