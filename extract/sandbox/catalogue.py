"""The objects of the sandbox org and their fields, as Salesforce's describe tells of them.

One line per field: name, type and, after it, what is special. `string(80)`, `currency(18,2)` and
`reference(User,Owner)` (target object, relationship name) carry their sizes; `calculated` marks
a formula, `unfilterable` what SOQL cannot filter or sort by, `part-of X` a part of a compound.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SYSTEM_FIELDS = """
    Id id
    IsDeleted boolean
    CreatedDate datetime
    CreatedById reference(User,CreatedBy)
    LastModifiedDate datetime
    LastModifiedById reference(User,LastModifiedBy)
    SystemModstamp datetime
"""

OBJECTS: Mapping[str, tuple[str, str]] = {
    "Account": (
        "001",
        """
    MasterRecordId reference(Account,MasterRecord)
    Name string(255)
    Type picklist
    Industry picklist
    ParentId reference(Account,Parent)
    BillingStreet textarea(255) part-of BillingAddress
    BillingCity string(40) part-of BillingAddress
    BillingPostalCode string(20) part-of BillingAddress
    BillingCountry string(80) part-of BillingAddress
    BillingAddress address unfilterable
    Region__c picklist
    Segment__c picklist
    Phone phone
    Website url
    AccountNumber string(40)
    Registration_Number__c string(40)
    CurrencyIsoCode picklist
    AnnualRevenue currency(18,0)
    NumberOfEmployees int
    Description textarea(32000) unfilterable
    OwnerId reference(User,Owner)
    Customer_Since__c date
    Open_Case_Count__c double(18,0) calculated
""",
    ),
    "Contact": (
        "003",
        """
    AccountId reference(Account,Account)
    FirstName string(40)
    LastName string(80)
    Name string(121)
    Email email
    Phone phone
    MobilePhone phone
    Title string(128)
    Department string(80)
    Role__c picklist
    HasOptedOutOfEmail boolean
    OwnerId reference(User,Owner)
""",
    ),
    "Opportunity": (
        "006",
        """
    AccountId reference(Account,Account)
    Name string(120)
    Type picklist
    StageName picklist
    Amount currency(18,2)
    CurrencyIsoCode picklist
    Probability percent(3,0)
    ExpectedRevenue currency(18,2) calculated
    CloseDate date
    IsClosed boolean
    IsWon boolean
    ContractId reference(Contract,Contract)
    LeadSource picklist
    NextStep string(255)
    Description textarea(32000) unfilterable
    OwnerId reference(User,Owner)
""",
    ),
    "OpportunityLineItem": (
        "00k",
        """
    OpportunityId reference(Opportunity,Opportunity)
    Product2Id reference(Product2,Product2)
    ProductCode string(255)
    Name string(376)
    Quantity double(12,2)
    UnitPrice currency(18,2)
    TotalPrice currency(18,2)
    CurrencyIsoCode picklist
    ServiceDate date
    Term_Months__c double(4,0)
    Billing_Type__c picklist
""",
    ),
    "Product2": (
        "01t",
        """
    Name string(255)
    ProductCode string(255)
    Family picklist
    IsActive boolean
    Description textarea(4000) unfilterable
""",
    ),
    "Asset": (
        "02i",
        """
    AccountId reference(Account,Account)
    Product2Id reference(Product2,Product2)
    Name string(255)
    Status picklist
    InstallDate date
    UsageEndDate date
    Quantity double(12,2)
    Price currency(18,2)
    CurrencyIsoCode picklist
    SerialNumber string(80)
""",
    ),
    "Contract": (
        "800",
        """
    AccountId reference(Account,Account)
    ContractNumber string(30)
    Status picklist
    StartDate date
    EndDate date
    ContractTerm int
    Notice_Given_Date__c date
    OwnerId reference(User,Owner)
""",
    ),
    "Case": (
        "500",
        """
    AccountId reference(Account,Account)
    ContactId reference(Contact,Contact)
    CaseNumber string(30)
    Subject string(255)
    Description textarea(32000) unfilterable
    Status picklist
    Priority picklist
    Origin picklist
    IsEscalated boolean
    IsClosed boolean
    ClosedDate datetime
    SLA_Breached__c boolean
    OwnerId reference(User,Owner)
""",
    ),
    "Task": (
        "00T",
        """
    AccountId reference(Account,Account)
    WhatId reference(Account,What)
    WhoId reference(Contact,Who)
    Subject string(255)
    Type picklist
    Status picklist
    Priority picklist
    ActivityDate date
    CompletedDateTime datetime
    Description textarea(32000) unfilterable
    OwnerId reference(User,Owner)
""",
    ),
    "Event": (
        "00U",
        """
    AccountId reference(Account,Account)
    WhatId reference(Account,What)
    WhoId reference(Contact,Who)
    Subject string(255)
    Type picklist
    StartDateTime datetime
    EndDateTime datetime
    OwnerId reference(User,Owner)
""",
    ),
    "User": (
        "005",
        """
    Username string(80)
    Name string(121)
    FirstName string(40)
    LastName string(80)
    Email email
    IsActive boolean
    ProfilePhoto base64 unfilterable
""",
    ),
    "Organization": (
        "00D",
        """
    Name string(80)
    OrganizationType picklist
    InstanceName picklist
    IsSandbox boolean
    DefaultCurrencyIsoCode picklist
""",
    ),
    "DatedConversionRate": (
        "04w",
        """
    IsoCode picklist
    StartDate date
    NextStartDate date
    ConversionRate double(18,6)
""",
    ),
    "CurrencyType": (
        "01L",
        """
    IsoCode picklist
    ConversionRate double(18,6)
    DecimalPlaces int
    IsActive boolean
    IsCorporate boolean
""",
    ),
    "Invoice__c": (
        "a01",
        """
    Name string(80)
    Account__c reference(Account,Account__r)
    Type__c picklist
    Invoice_Date__c date
    Due_Date__c date
    Paid_Date__c date
    Written_Off_Date__c date
    Amount__c currency(18,2)
    Balance__c currency(18,2)
    CurrencyIsoCode picklist
    Status__c picklist
    Credited_Invoice__c reference(Invoice__c,Credited_Invoice__r)
    Days_Overdue__c double(18,0) calculated
""",
    ),
    "Usage__c": (
        "a02",
        """
    Name string(80)
    Account__c reference(Account,Account__r)
    Asset__c reference(Asset,Asset__r)
    Month__c date
    Quantity__c double(18,3)
    Unit__c picklist
""",
    ),
}
WITHOUT_DELETION = frozenset(("User", "Organization", "DatedConversionRate", "CurrencyType"))
BULK_UNSUPPORTED = frozenset(("CurrencyType", "DatedConversionRate"))
_LINE = re.compile(r"(\w+) (\w+)(?:\(([^)]*)\))?(.*)")
_SQL_TYPES = {
    "boolean": "boolean",
    "int": "integer",
    "date": "date",
    "datetime": "timestamptz",
}


@dataclass(frozen=True)
class Field:
    """One field: its describe entry and how DuckDB stores it (None: not stored)."""

    name: str
    sql_type: str | None
    describe: Mapping[str, Any]


def fields_of(name: str) -> list[Field]:
    """All fields of an object, in describe's order."""
    system = [
        line
        for line in SYSTEM_FIELDS.split("\n")
        if line.strip() and not ("IsDeleted" in line and name in WITHOUT_DELETION)
    ]
    own = [line for line in OBJECTS[name][1].split("\n") if line.strip()]
    return [parse_field(line.strip()) for line in system + own]


def parse_field(line: str) -> Field:
    """Parse one line of the catalogue. Raises ValueError for a line of another form."""
    matched = _LINE.fullmatch(line)
    if matched is None:
        raise ValueError(f"not a field of the catalogue: {line}")
    name, kind, arguments, rest = matched.groups()
    sizes = [part.strip() for part in (arguments or "").split(",") if part.strip()]
    compound = rest.partition("part-of ")[2].split(" ")[0] or None
    calculated = "calculated" in rest
    is_reference = kind == "reference"
    is_number = kind in {"double", "currency", "percent"}
    precision, scale = (int(sizes[0]), int(sizes[1])) if is_number else (0, 0)
    length = int(sizes[0]) if sizes and kind in {"string", "textarea"} else 0
    if kind in {"id", "reference"}:
        length = 18
    elif kind in {"picklist", "url", "email", "phone"}:
        length = {"picklist": 255, "url": 255, "email": 80, "phone": 40}[kind]
    sql_type: str | None = _SQL_TYPES.get(kind, "varchar")
    if is_number:
        # A precision counts all digits; the whole part may need more than it leaves.
        sql_type = f"decimal({max(precision, 18)}, {scale})"
    if kind in {"address", "base64"}:
        sql_type = None
    fixed = "unfilterable" in rest
    describe: dict[str, Any] = {
        "aggregatable": not fixed,
        "autoNumber": False,
        "byteLength": length * 3,
        "calculated": calculated,
        "calculatedFormula": None,
        "compoundFieldName": compound,
        "createable": not calculated and kind != "id",
        "custom": name.endswith("__c"),
        "defaultValue": None,
        "digits": 9 if kind == "int" else 0,
        "filterable": not fixed,
        "groupable": not fixed and kind not in {"textarea", "double", "currency", "percent"},
        "label": name.removesuffix("__c").replace("_", " "),
        "length": length,
        "name": name,
        "nameField": name == "Name",
        "nillable": kind not in {"id", "boolean"},
        "picklistValues": [],
        "precision": max(precision, 18) if is_number else 0,
        "referenceTo": [sizes[0]] if is_reference else [],
        "relationshipName": sizes[1] if is_reference else None,
        "scale": scale,
        "soapType": _soap_type(kind),
        "sortable": not fixed,
        "type": kind,
        "unique": False,
        "updateable": not calculated and kind != "id",
    }
    return Field(name, sql_type, describe)


def describe(name: str) -> dict[str, Any]:
    """The describe document of one object."""
    return {
        "activateable": False,
        "childRelationships": [],
        "createable": True,
        "custom": name.endswith("__c"),
        "customSetting": False,
        "deletable": True,
        "keyPrefix": OBJECTS[name][0],
        "label": name.removesuffix("__c"),
        "labelPlural": name.removesuffix("__c") + "s",
        "name": name,
        "queryable": True,
        "replicateable": name not in WITHOUT_DELETION,
        "retrieveable": True,
        "searchable": True,
        "undeletable": name not in WITHOUT_DELETION,
        "updateable": True,
        "recordTypeInfos": [],
        "urls": {
            "sobject": f"/services/data/v64.0/sobjects/{name}",
            "describe": f"/services/data/v64.0/sobjects/{name}/describe",
            "rowTemplate": f"/services/data/v64.0/sobjects/{name}/{{ID}}",
        },
        "fields": [dict(field.describe) for field in fields_of(name)],
    }


def create_table(name: str) -> str:
    """The DDL of an object's table."""
    columns = ", ".join(
        f'"{field.name}" {field.sql_type}' for field in fields_of(name) if field.sql_type
    )
    return f'create or replace table "{name}" ({columns})'


def _soap_type(kind: str) -> str:
    return {
        "id": "tns:ID",
        "reference": "tns:ID",
        "boolean": "xsd:boolean",
        "int": "xsd:int",
        "double": "xsd:double",
        "currency": "xsd:double",
        "percent": "xsd:double",
        "date": "xsd:date",
        "datetime": "xsd:dateTime",
        "base64": "xsd:base64Binary",
        "address": "urn:address",
    }.get(kind, "xsd:string")
