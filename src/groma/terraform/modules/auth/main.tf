data "aws_caller_identity" "current" {}

resource "aws_cognito_user_pool" "this" {
  name                     = var.name
  user_pool_tier           = var.tier
  deletion_protection      = var.deletion_protection ? "ACTIVE" : "INACTIVE"
  auto_verified_attributes = ["email"]
  mfa_configuration        = var.mfa

  # Users log in by a name of their choice, written in any case.
  username_configuration {
    case_sensitive = false
  }

  password_policy {
    minimum_length                   = var.password.min_length
    require_lowercase                = var.password.classes
    require_uppercase                = var.password.classes
    require_numbers                  = var.password.classes
    require_symbols                  = false
    temporary_password_validity_days = 7
  }

  schema {
    name                = "email"
    attribute_data_type = "String"
    required            = true
    mutable             = true

    string_attribute_constraints {
      min_length = "3"
      max_length = "254"
    }
  }

  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_email"
      priority = 1
    }
  }

  admin_create_user_config {
    allow_admin_create_user_only = false
  }

  # A new address counts once it has been verified; until then the old one stays.
  user_attribute_update_settings {
    attributes_require_verification_before_update = ["email"]
  }

  verification_message_template {
    default_email_option = "CONFIRM_WITH_CODE"
    email_subject        = "Your code for ${var.name}"
    email_message        = "Your code for ${var.name} is {####}."
  }

  email_configuration {
    email_sending_account = var.sender == null ? "COGNITO_DEFAULT" : "DEVELOPER"
    source_arn            = try(var.sender.ses_identity_arn, null)
    from_email_address    = try(var.sender.from, null)
  }

  dynamic "software_token_mfa_configuration" {
    for_each = var.mfa == "OFF" ? [] : [1]

    content {
      enabled = true
    }
  }

  tags = { Name = var.name }
}

resource "aws_cognito_user_pool_client" "this" {
  name         = var.name
  user_pool_id = aws_cognito_user_pool.this.id

  # A browser can keep no secret.
  generate_secret               = false
  explicit_auth_flows           = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
  prevent_user_existence_errors = "ENABLED"
  enable_token_revocation       = true
  auth_session_validity         = 3

  access_token_validity  = var.token_minutes
  id_token_validity      = var.token_minutes
  refresh_token_validity = var.refresh_days

  token_validity_units {
    access_token  = "minutes"
    id_token      = "minutes"
    refresh_token = "days"
  }

  allowed_oauth_flows_user_pool_client = length(var.callback_urls) > 0
  allowed_oauth_flows                  = length(var.callback_urls) > 0 ? ["code"] : []
  allowed_oauth_scopes                 = length(var.callback_urls) > 0 ? ["email", "openid"] : []
  callback_urls                        = var.callback_urls
  logout_urls                          = var.callback_urls
  supported_identity_providers         = ["COGNITO"]
}

# Serves the hosted login pages. The prefix is unique in the region among all accounts.
resource "aws_cognito_user_pool_domain" "this" {
  count = length(var.callback_urls) > 0 ? 1 : 0

  domain       = "${var.name}-${data.aws_caller_identity.current.account_id}"
  user_pool_id = aws_cognito_user_pool.this.id
}
