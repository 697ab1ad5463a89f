import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { bankFileAnswer, bankFileRequest, bankFilesAnswer, type BankFileAnswer, type BankFileRequest, type BankFilesAnswer } from '../../contract/bank-files.js';
import { Access } from '../../infra/http/access.decorator.js';
import { CurrentStaff, type StaffIdentity } from '../../infra/http/request-context.js';
import { ImportBankFile } from './import-bank-file.js';
import { StreetSettings } from './street-settings.js';

/** Bank files: read and looked at first, credited by a second press. */
@ApiTags('wallets')
@Controller('bank-files')
export class BankFilesController {
  constructor(private readonly bankFiles: ImportBankFile, private readonly settings: StreetSettings) {}

  @Post()
  @HttpCode(200)
  @Access('finance')
  @ApiOperation({ operationId: 'readBankFile', summary: 'Reads a bank’s list of payments; nothing is credited yet' })
  @ApiResponse({ status: 200, standardSchema: bankFileAnswer })
  async preview(@CurrentStaff() staff: StaffIdentity, @Body({ schema: bankFileRequest }) request: BankFileRequest): Promise<BankFileAnswer> {
    return this.bankFiles.preview(staff, await this.settings.streetOf(staff), request);
  }

  @Get()
  @Access('finance', 'auditor')
  @ApiOperation({ operationId: 'listBankFiles', summary: 'The newest bank files' })
  @ApiResponse({ status: 200, standardSchema: bankFilesAnswer })
  async list(@CurrentStaff() staff: StaffIdentity): Promise<BankFilesAnswer> {
    return this.bankFiles.list(await this.settings.streetOf(staff));
  }

  @Get(':fileId')
  @Access('finance', 'auditor')
  @ApiOperation({ operationId: 'bankFile', summary: 'One bank file, line by line' })
  @ApiResponse({ status: 200, standardSchema: bankFileAnswer })
  async read(@CurrentStaff() staff: StaffIdentity, @Param('fileId', ParseUUIDPipe) fileId: string): Promise<BankFileAnswer> {
    return this.bankFiles.read(await this.settings.streetOf(staff), fileId);
  }

  @Post(':fileId/credit')
  @HttpCode(200)
  @Access('finance')
  @ApiOperation({ operationId: 'creditBankFile', summary: 'Credits every line that is ready, each once' })
  @ApiResponse({ status: 200, standardSchema: bankFileAnswer })
  async credit(@CurrentStaff() staff: StaffIdentity, @Param('fileId', ParseUUIDPipe) fileId: string): Promise<BankFileAnswer> {
    return this.bankFiles.credit(staff, await this.settings.streetOf(staff), fileId);
  }
}
