import { Readable } from 'node:stream';
import { Controller, Get, HttpCode, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse } from '@nestjs/swagger';
import {
  journalAnswer, journalMonthQuery, ledgerCheckAsked, type JournalAnswer, type JournalMonthQuery, type LedgerCheckAsked,
} from '../../contract/journal.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentActor, type Actor } from '../../infra/http/actor.js';
import { JournalOverview } from './journal-overview.query.js';
import { HandOutJournal } from './hand-out-journal.js';
import { LedgerChecks } from './ledger-checks.js';

/** The journal of the whole installation: seals of days, the file for the auditor, checks of the ledger. */
@Controller('finance/journal')
export class JournalController {
  constructor(private readonly overview: JournalOverview, private readonly handOut: HandOutJournal, private readonly checks: LedgerChecks) {}

  @Get()
  @Access('finance', 'administrator', 'auditor')
  @ApiOperation({ operationId: 'readJournal', summary: 'Seals of the days of a month, gaps, what is not sealed yet, checks of the ledger' })
  @ApiResponse({ status: 200, standardSchema: journalAnswer })
  read(@Query({ schema: journalMonthQuery }) { month }: JournalMonthQuery): Promise<JournalAnswer> {
    return this.overview.month(month);
  }

  @Get('export')
  @Access('finance', 'administrator', 'auditor')
  @ApiOperation({ operationId: 'exportJournal', summary: 'The sealed journal of a month, for the stand-alone checker' })
  @ApiProduces('application/x-ndjson')
  @ApiResponse({ status: 200, description: 'The file' })
  async file(@Query({ schema: journalMonthQuery }) { month }: JournalMonthQuery, @CurrentActor() actor: Actor): Promise<StreamableFile> {
    const lines = await this.handOut.journal(month, actor);
    return new StreamableFile(Readable.from(lines), { type: 'application/x-ndjson', disposition: `attachment; filename="journal-${month}.ndjson"` });
  }

  @Get('seals')
  @Access('finance', 'administrator', 'auditor')
  @ApiOperation({ operationId: 'exportDaySeals', summary: 'The seals of the days of a month as text, one line a day' })
  @ApiProduces('text/plain')
  @ApiResponse({ status: 200, description: 'The file' })
  async seals(@Query({ schema: journalMonthQuery }) { month }: JournalMonthQuery): Promise<StreamableFile> {
    const text = await this.handOut.seals(month);
    return new StreamableFile(Buffer.from(text), { type: 'text/plain; charset=utf-8', disposition: `attachment; filename="day-seals-${month}.txt"` });
  }

  @Get('checker')
  @Access('finance', 'administrator', 'auditor')
  @ApiOperation({ operationId: 'downloadChecker', summary: 'rehufan-verify: the stand-alone checker in one file' })
  @ApiProduces('text/javascript')
  @ApiResponse({ status: 200, description: 'The file' })
  async checker(): Promise<StreamableFile> {
    return new StreamableFile(await this.handOut.checker(), { type: 'text/javascript; charset=utf-8', disposition: 'attachment; filename="rehufan-verify.mjs"' });
  }

  @Post('checks')
  @HttpCode(202)
  @Access('finance', 'administrator', 'auditor')
  @ApiOperation({ operationId: 'askLedgerCheck', summary: 'Has the worker check the whole ledger' })
  @ApiResponse({ status: 202, standardSchema: ledgerCheckAsked })
  ask(@CurrentActor() actor: Actor): Promise<LedgerCheckAsked> {
    return this.checks.ask(actor);
  }
}
