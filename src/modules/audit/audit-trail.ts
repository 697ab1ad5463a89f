import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import { Clock } from '../../infra/clock/clock.js';
import { DenialRecorder } from '../../infra/http/authenticators.js';
import type { AppRequest } from '../../infra/http/request-context.js';

export interface AuditLine {
  readonly actorKind: 'staff' | 'device' | 'system' | 'anonymous';
  readonly actorId: string | null;
  /** verb and noun, `senior.viewed`, `payment.refunded` */
  readonly action: string;
  readonly objectKind: string;
  readonly objectId: string | null;
  readonly outcome: 'done' | 'denied' | 'failed';
  readonly requestId?: string | null;
  /** Codes and ids only. */
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
}

/** Who saw or changed what, when; append-only. */
@Injectable()
export class AuditTrail {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock) {}

  /** @param tx the transaction of the action, so that both exist or neither; absent for denials */
  async record(line: AuditLine, tx: EntityManager = this.dataSource.manager): Promise<void> {
    await tx.query(
      `INSERT INTO audit_line (at, actor_kind, actor_id, action, object_kind, object_id, outcome, request_id, detail)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [this.clock.now(), line.actorKind, line.actorId, line.action, line.objectKind, line.objectId, line.outcome,
        line.requestId ?? null, line.detail ? JSON.stringify(line.detail) : null],
    );
  }

  /** Whether this actor has done this to this object since then. */
  async hasDone(line: Pick<AuditLine, 'actorId' | 'action' | 'objectKind' | 'objectId'>, since: Date, tx: EntityManager = this.dataSource.manager): Promise<boolean> {
    const [found] = await tx.query<unknown[]>(
      "SELECT 1 FROM audit_line WHERE object_kind = ? AND object_id = ? AND action = ? AND actor_id = ? AND outcome = 'done' AND at >= ? LIMIT 1",
      [line.objectKind, line.objectId, line.action, line.actorId, since],
    );
    return found !== undefined;
  }
}

const MINUTE_MS = 60_000;
const STRANGERS_A_MINUTE = 120;

/**
 * Writes every refused door to the audit trail. Refusals of strangers are written up to a number a minute and counted
 * beyond it, so that a flood of unsigned requests cannot fill a table from which nothing may be deleted.
 */
@Injectable()
export class AuditedDenials extends DenialRecorder {
  private minute = 0;
  private strangers = 0;

  constructor(private readonly trail: AuditTrail, private readonly clock: Clock) {
    super();
  }

  async denied(request: AppRequest, code: string, object?: { readonly objectKind: string; readonly objectId: string }): Promise<void> {
    const known = request.staff !== undefined || request.device !== undefined;
    if (!known && !await this.mayWriteStranger()) return;
    const route = `${request.method} ${request.originalUrl.split('?')[0] ?? ''}`.slice(0, 80);
    await this.trail.record({
      ...actorOf(request), action: 'access.denied',
      objectKind: object?.objectKind ?? 'route', objectId: object?.objectId.slice(0, 80) ?? route, outcome: 'denied',
      requestId: request.requestId, detail: object === undefined ? { code } : { code, route },
    });
  }

  private async mayWriteStranger(): Promise<boolean> {
    const minute = Math.trunc(this.clock.now().getTime() / MINUTE_MS);
    if (minute !== this.minute) {
      const dropped = Math.max(0, this.strangers - STRANGERS_A_MINUTE);
      this.minute = minute;
      this.strangers = 0;
      if (dropped > 0) {
        await this.trail.record({ actorKind: 'system', actorId: null, action: 'access.denials-counted', objectKind: 'route', objectId: null, outcome: 'denied', detail: { dropped } });
      }
    }
    this.strangers += 1;
    return this.strangers <= STRANGERS_A_MINUTE;
  }
}

function actorOf({ staff, device }: AppRequest): Pick<AuditLine, 'actorKind' | 'actorId'> {
  if (staff !== undefined) return { actorKind: 'staff', actorId: staff.staffId };
  if (device !== undefined) return { actorKind: 'device', actorId: device.deviceId };
  return { actorKind: 'anonymous', actorId: null };
}
