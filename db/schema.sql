-- The tables that Greg BI reads, as the back end's EF Core entities define them: for a trial, for tests, and for
-- `docker compose`. Not needed next to the real back end, which creates its own.
--
-- Without foreign keys, since real data have orphans too. Run it in the target database; run again, it changes nothing:
--
--     sqlcmd -C -S localhost -U sa -d Greg -i db/schema.sql
--
-- Made from src/company/tables.ts by `npm run document`.

set nocount on;

if object_id(N'dbo.AspNetUsers', N'U') is null
  create table dbo.AspNetUsers (
    Id nvarchar(450) not null,
    Name nvarchar(max) null,
    Email nvarchar(256) null,
    EmailConfirmed bit not null,
    CreatedAt datetime2 null,
    constraint PK_AspNetUsers primary key (Id)
  );

if object_id(N'dbo.Payments', N'U') is null
begin
  create table dbo.Payments (
    Id nvarchar(450) not null,
    ExternalId nvarchar(450) not null constraint AK_Payments_ExternalId unique,
    PaymentId nvarchar(max) null,
    UserId nvarchar(450) not null,
    Status nvarchar(20) not null,
    PayerEmail nvarchar(255) not null,
    Method nvarchar(20) not null,
    Installments int not null,
    DateApproved datetime2 null,
    Amount decimal(10, 2) not null,
    SubscriptionId nvarchar(450) not null,
    CreatedAt datetime2 not null,
    UpdatedAt datetime2 null,
    constraint PK_Payments primary key (Id)
  );
  create index IX_Payments_UserId on dbo.Payments (UserId);
  create index IX_Payments_CreatedAt on dbo.Payments (CreatedAt);
end;

if object_id(N'dbo.Plans', N'U') is null
  create table dbo.Plans (
    Id int not null,
    PublicId uniqueidentifier not null,
    Name nvarchar(100) not null,
    TransactionAmount decimal(10, 2) not null,
    CurrencyId nvarchar(10) not null,
    FrequencyInterval int not null,
    FrequencyType nvarchar(20) not null,
    IsActive bit not null,
    constraint PK_Plans primary key (Id)
  );

if object_id(N'dbo.Subscriptions', N'U') is null
begin
  create table dbo.Subscriptions (
    Id nvarchar(450) not null,
    ExternalId nvarchar(450) not null,
    UserId nvarchar(450) not null,
    Status nvarchar(20) not null,
    PlanId int not null,
    CurrentAmount int not null,
    CurrentPeriodStartDate datetime2 not null,
    CurrentPeriodEndDate datetime2 not null,
    CreatedAt datetime2 not null,
    UpdatedAt datetime2 null,
    constraint PK_Subscriptions primary key (Id)
  );
  create index IX_Subscriptions_UserId on dbo.Subscriptions (UserId);
  create index IX_Subscriptions_PlanId on dbo.Subscriptions (PlanId);
end;

if object_id(N'dbo.Claims', N'U') is null
begin
  create table dbo.Claims (
    Id int not null,
    MpClaimId bigint not null,
    ResourceId nvarchar(450) null,
    Type nvarchar(50) not null,
    ResourceType nvarchar(50) null,
    CurrentStage nvarchar(20) null,
    DataCreated datetime2 not null,
    Status int not null,
    UserId nvarchar(450) null,
    UpdatedAt datetime2 null,
    constraint PK_Claims primary key (Id)
  );
  create index IX_Claims_UserId on dbo.Claims (UserId);
  create index IX_Claims_DataCreated on dbo.Claims (DataCreated);
end;

if object_id(N'dbo.Chargebacks', N'U') is null
  create table dbo.Chargebacks (
    Id int not null,
    ChargebackId bigint not null,
    PaymentId bigint not null,
    UserId nvarchar(450) null,
    Status int not null,
    Amount decimal(10, 2) not null,
    CreatedAt datetime2 not null,
    constraint PK_Chargebacks primary key (Id)
  );

if object_id(N'dbo.Courses', N'U') is null
  create table dbo.Courses (
    Id int not null,
    PublicId uniqueidentifier not null,
    Name nvarchar(200) not null,
    Description nvarchar(max) not null,
    IsActive bit not null,
    constraint PK_Courses primary key (Id)
  );

if object_id(N'dbo.Files', N'U') is null
  create table dbo.Files (
    Id int not null,
    NomeArquivo nvarchar(450) not null,
    ContentType nvarchar(255) not null,
    FeatureCategoria nvarchar(100) not null,
    TamanhoBytes bigint not null,
    CriadoEm datetime2 null,
    ModificadoEm datetime2 null,
    constraint PK_Files primary key (Id)
  );

if object_id(N'dbo.Videos', N'U') is null
begin
  create table dbo.Videos (
    Id int not null,
    Title nvarchar(450) not null,
    UploadDate datetime2 not null,
    Duration time not null,
    Status int not null,
    CourseId int not null,
    FileId int not null,
    constraint PK_Videos primary key (Id)
  );
  create index IX_Videos_CourseId on dbo.Videos (CourseId);
  create index IX_Videos_FileId on dbo.Videos (FileId);
end;
