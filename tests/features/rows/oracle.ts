import { FormatRegistry, type Static, type TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { Snapshot } from '../../../src/core/runtime/snapshot.ts';
import { ClaimsData } from '../../../src/features/claims/schemas.ts';
import { ContentData } from '../../../src/features/content/schemas.ts';
import { FinancialData } from '../../../src/features/financial/schemas.ts';
import { StorageData } from '../../../src/features/storage/schemas.ts';
import { SubscriptionsData } from '../../../src/features/subscriptions/schemas.ts';
import { SupportData } from '../../../src/features/support/schemas.ts';
import { UsersData } from '../../../src/features/users/schemas.ts';

/**
 * What every sheet must hold, written out by hand from the contract and the DTOs: no catalogue, no sheet declaration, and none
 * of the outlet's code. Texts are as a spreadsheet shows them, without the apostrophe that keeps a text a text.
 */

if (!FormatRegistry.Has('date-time')) FormatRegistry.Set('date-time', (text) => new Date(text).toISOString() === text);
if (!FormatRegistry.Has('uri')) FormatRegistry.Set('uri', (text) => URL.canParse(text));

type Snapshots = ReadonlyMap<string, Snapshot>;
type Sheets = Record<string, readonly (readonly string[])[]>;

function dataOf<Schema extends TSchema>(snapshots: Snapshots, feature: string, schema: Schema): Static<Schema> {
  const data: unknown = snapshots.get(feature)?.data;
  Value.Assert(schema, data);
  return data;
}

const number = (value: number | null) => (value === null ? '' : `${value}`);
const text = (value: string | null) => value ?? '';
const yesOrNo = (value: boolean) => (value ? 'SIM' : 'NÃO');
const calendarDay = (day: string) => `${day.slice(8)}/${day.slice(5, 7)}/${day.slice(0, 4)}`;

/** Of an instant, in São Paulo. */
function date(instant: string | null): string {
  if (instant === null) return '';
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/Sao_Paulo' }).formatToParts(new Date(instant));
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('day')}/${part('month')}/${part('year')}`;
}

const FIGURES = ['Indicador', 'Valor', 'Unidade'];
const count = (title: string, value: number | null) => [title, number(value), 'quantidade'];
const money = (title: string, value: number) => [title, number(value), 'R$'];
const percent = (title: string, value: number) => [title, number(value), '%'];
const days = (title: string, value: number | null) => [title, number(value), 'dias'];
const gigabytes = (title: string, value: number) => [title, number(value), 'GB'];

/** Every sheet but Dashboard. */
export function expectedSheets(snapshots: Snapshots): Sheets {
  return {
    ...claimsSheets(dataOf(snapshots, 'claims', ClaimsData)),
    ...financialSheets(dataOf(snapshots, 'financial', FinancialData)),
    ...subscriptionsSheets(dataOf(snapshots, 'subscriptions', SubscriptionsData)),
    ...supportSheets(dataOf(snapshots, 'support', SupportData)),
    ...storageSheets(dataOf(snapshots, 'storage', StorageData)),
    ...usersSheets(dataOf(snapshots, 'users', UsersData)),
    ...contentSheets(dataOf(snapshots, 'content', ContentData)),
  };
}

function claimsSheets({ active }: ClaimsData): Sheets {
  return {
    Claims_Data: [
      [
        ...['Código', 'Código no Mercado Pago', 'Valor em risco', 'Motivo', 'Situação', 'Dias em aberto'],
        ...['Painel do Mercado Pago', 'Crítica', 'Etapa', 'Cliente', 'E-mail', 'Aberta em'],
      ],
      ...active.map((claim) => [
        ...[number(claim.id), number(claim.mp_claim_id), number(claim.amount_at_risk), claim.claim_type],
        ...[claim.internal_status, number(claim.days_open), claim.panel_url, yesOrNo(claim.is_critical)],
        ...[text(claim.current_stage), text(claim.user_name), text(claim.user_email), date(claim.date_created)],
      ]),
    ],
  };
}

function financialSheets({ payments, revenue, revenueByDay, chargebacks }: FinancialData): Sheets {
  return {
    Financeiro: [
      FIGURES,
      count('Pagamentos', payments.TotalPayments),
      count('Pagamentos aprovados', payments.TotalApproved),
      count('Pagamentos pendentes', payments.TotalPending),
      count('Pagamentos cancelados', payments.TotalCancelled),
      count('Clientes com pagamento', payments.UniqueCustomers),
      money('Ticket médio', payments.AvgTicket),
      percent('Taxa de aprovação', payments.ApprovalRate),
      money('Receita aprovada, desde o início', revenue.TotalRevenue),
      money('Receita aprovada, últimos 30 dias', revenue.MonthlyRevenue),
      money('Receita aprovada, últimos 365 dias', revenue.YearlyRevenue),
      count('Transações aprovadas', revenue.TotalTransactions),
      money('Valor médio por transação aprovada', revenue.AverageTransactionValue),
    ],
    Receita: [
      ['Dia', 'Receita aprovada', 'Pagamentos aprovados'],
      ...revenueByDay.map(({ Date: day, Amount, Count }) => [calendarDay(day), number(Amount), number(Count)]),
    ],
    Risco_Chargeback: [
      FIGURES,
      count('Chargebacks', chargebacks.TotalChargebacks),
      money('Valor dos chargebacks', chargebacks.TotalAmount),
      count('Chargebacks novos', chargebacks.Novo),
      count('Chargebacks aguardando evidências', chargebacks.AguardandoEvidencias),
      count('Chargebacks com evidências enviadas', chargebacks.EvidenciasEnviadas),
      count('Chargebacks ganhos', chargebacks.Ganhamos),
      count('Chargebacks perdidos', chargebacks.Perdemos),
      percent('Taxa de chargebacks ganhos', chargebacks.WinRate),
    ],
  };
}

function subscriptionsSheets({ summary, list }: SubscriptionsData): Sheets {
  return {
    Subscriptions_KPIs: [
      FIGURES,
      count('Assinaturas', summary.TotalSubscriptions),
      count('Assinaturas ativas', summary.ActiveSubscriptions),
      count('Assinaturas pausadas', summary.PausedSubscriptions),
      count('Assinaturas canceladas', summary.CancelledSubscriptions),
      count('Assinaturas pendentes', summary.PendingSubscriptions),
      count('Assinaturas que vencem em 7 dias', summary.ExpiringWithin7Days),
      money('Receita recorrente mensal', summary.MonthlyRecurringRevenue),
      money('Receita mensal por assinatura', summary.AverageRevenuePerSubscription),
      percent('Taxa de cancelamento, últimos 30 dias', summary.ChurnRate),
      percent('Taxa de cancelamento, desde o início', summary.LifetimeChurnRate),
    ],
    Subscriptions_Data: [
      ['Código', 'Código do usuário', 'Situação', 'Valor', 'Fim do período atual', 'Plano', 'Cliente', 'E-mail'],
      ...list.map((each) => [
        ...[each.Id, text(each.UserId), each.Status, number(each.CurrentAmount), date(each.CurrentPeriodEndDate)],
        ...[text(each.PlanName), text(each.UserName), text(each.UserEmail)],
      ]),
    ],
  };
}

function supportSheets({ summary, list }: SupportData): Sheets {
  return {
    Support_Dashboard: [
      FIGURES,
      count('Chamados', summary.TotalTickets),
      count('Chamados abertos', summary.OpenTickets),
      count('Chamados em andamento', summary.InProgressTickets),
      count('Chamados encerrados', summary.ClosedTickets),
      percent('Taxa de resolução', summary.ResolutionRate),
      days('Idade do chamado aberto mais antigo', summary.OldestOpenDays),
    ],
    Support_Data: [
      ['Código', 'Código do usuário', 'Assunto', 'Mensagem', 'Situação', 'Aberto em'],
      ...list.map((each) => [
        ...[each.Id, each.UserId, each.Context, each.Explanation, each.Status, date(each.CreatedAt)],
      ]),
    ],
  };
}

function storageSheets({ stats, growth: { Summary: growth }, largestFiles }: StorageData): Sheets {
  return {
    Storage_KPIs: [
      FIGURES,
      count('Arquivos', stats.TotalFiles),
      ['Tamanho total em bytes', number(stats.TotalBytes), 'bytes'],
      ['Tamanho total em MB', number(stats.TotalMB), 'MB'],
      gigabytes('Tamanho total em GB', stats.TotalGB),
      days('Período medido', growth.Days),
      gigabytes('Tamanho adicionado, últimos 30 dias', growth.TotalGBAdded),
      count('Arquivos adicionados, últimos 30 dias', growth.TotalFilesAdded),
      gigabytes('Tamanho médio adicionado por dia', growth.AvgGBPerDay),
    ],
    Storage_TopFiles: [
      ['Código', 'Arquivo', 'Categoria', 'Tamanho em bytes', 'Tamanho em MB', 'Criado em', 'Modificado em'],
      ...largestFiles.map((file) => [
        ...[number(file.Id), file.FileName, file.FeatureCategoria, number(file.TamanhoBytes), number(file.SizeMB)],
        ...[date(file.CriadoEm), date(file.ModificadoEm)],
      ]),
    ],
  };
}

function usersSheets({ summary, list }: UsersData): Sheets {
  return {
    Users_KPIs: [
      FIGURES,
      count('Usuários', summary.TotalUsers),
      count('E-mails confirmados', summary.ConfirmedEmails),
      percent('Taxa de confirmação de e-mail', summary.ConfirmationRate),
      count('Novos usuários, últimos 30 dias', summary.NewUsersLast30Days),
      count('Usuários pagantes', summary.PayingUsers),
      count('Assinantes ativos', summary.ActiveSubscribers),
    ],
    Users_Data: [
      ['Código', 'Nome', 'E-mail', 'E-mail confirmado', 'Cadastrado em'],
      ...list.map((user) => [
        ...[user.Id, text(user.Name), text(user.Email), yesOrNo(user.EmailConfirmed), date(user.CreatedAt)],
      ]),
    ],
  };
}

function contentSheets({ summary, list }: ContentData): Sheets {
  return {
    Content_KPIs: [
      FIGURES,
      count('Cursos', summary.TotalCourses),
      count('Cursos ativos', summary.ActiveCourses),
      count('Vídeos', summary.TotalVideosLib),
      count('Vídeos por curso', summary.AvgVideosPerCourse),
      count('Vídeos disponíveis', summary.VideosAvailable),
      count('Vídeos em processamento', summary.VideosProcessing),
      count('Vídeos com erro', summary.VideosError),
      ['Duração total dos vídeos', number(summary.TotalMinutes), 'minutos'],
    ],
    Content_Courses: [
      ['Código', 'Curso', 'Ativo', 'Vídeos'],
      ...list.map(({ Id, Name, IsActive, TotalVideos }) => [Id, Name, yesOrNo(IsActive), number(TotalVideos)]),
    ],
  };
}

/** Dashboard without its last column, which depends on what was sent before. */
export function expectedDashboard(snapshots: Snapshots): string[][] {
  const claims = dataOf(snapshots, 'claims', ClaimsData).summary;
  const financial = dataOf(snapshots, 'financial', FinancialData);
  const subscriptions = dataOf(snapshots, 'subscriptions', SubscriptionsData).summary;
  const support = dataOf(snapshots, 'support', SupportData).summary;
  const content = dataOf(snapshots, 'content', ContentData).summary;
  const users = dataOf(snapshots, 'users', UsersData).summary;
  const storage = dataOf(snapshots, 'storage', StorageData);
  const area = (title: string, rows: readonly string[][]) => rows.map((row) => [title, ...row]);
  return [
    ['Área', 'Indicador', 'Valor', 'Unidade'],
    ...area('Reclamações', [
      count('Reclamações críticas', claims.CriticalClaims),
      count('Reclamações ativas', claims.OpenedClaims),
      money('Valor em risco', claims.TotalAmountAtRisk),
      days('Tempo médio em aberto', claims.AverageDaysOpen),
      percent('Taxa de reclamações ganhas', claims.WinRate),
    ]),
    ...area('Financeiro', [
      money('Receita aprovada, últimos 30 dias', financial.revenue.MonthlyRevenue),
      count('Pagamentos aprovados', financial.payments.TotalApproved),
      percent('Taxa de aprovação', financial.payments.ApprovalRate),
      money('Ticket médio', financial.payments.AvgTicket),
      count('Chargebacks', financial.chargebacks.TotalChargebacks),
    ]),
    ...area('Assinaturas', [
      money('Receita recorrente mensal', subscriptions.MonthlyRecurringRevenue),
      count('Assinaturas ativas', subscriptions.ActiveSubscriptions),
      percent('Taxa de cancelamento, últimos 30 dias', subscriptions.ChurnRate),
      count('Assinaturas que vencem em 7 dias', subscriptions.ExpiringWithin7Days),
      money('Receita mensal por assinatura', subscriptions.AverageRevenuePerSubscription),
    ]),
    ...area('Suporte', [
      count('Chamados abertos', support.OpenTickets),
      count('Chamados em andamento', support.InProgressTickets),
      days('Idade do chamado aberto mais antigo', support.OldestOpenDays),
      percent('Taxa de resolução', support.ResolutionRate),
    ]),
    ...area('Conteúdo', [
      count('Cursos ativos', content.ActiveCourses),
      count('Vídeos disponíveis', content.VideosAvailable),
      ['Duração total dos vídeos', number(content.TotalMinutes), 'minutos'],
      count('Vídeos com erro', content.VideosError),
    ]),
    ...area('Usuários', [
      count('Usuários', users.TotalUsers),
      count('Novos usuários, últimos 30 dias', users.NewUsersLast30Days),
      count('Usuários pagantes', users.PayingUsers),
      count('Assinantes ativos', users.ActiveSubscribers),
      percent('Taxa de confirmação de e-mail', users.ConfirmationRate),
    ]),
    ...area('Armazenamento', [
      gigabytes('Tamanho total em GB', storage.stats.TotalGB),
      count('Arquivos', storage.stats.TotalFiles),
      gigabytes('Tamanho adicionado, últimos 30 dias', storage.growth.Summary.TotalGBAdded),
      count('Arquivos adicionados, últimos 30 dias', storage.growth.Summary.TotalFilesAdded),
    ]),
  ];
}
