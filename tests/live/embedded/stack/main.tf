# One of everything that a three-tier stack is made of, small: what the embedded cloud must
# apply, plan empty and destroy with the real AWS provider.

terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

provider "aws" {
  region = "us-east-1"

  default_tags {
    tags = {
      stack = var.name
      owner = "tests"
    }
  }
}

variable "name" {
  description = "Prefix of every name."
  type        = string
  default     = "proof"
}

data "aws_caller_identity" "current" {}

data "aws_availability_zones" "available" {
  state = "available"
}

data "aws_ssm_parameter" "image" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
}

locals {
  zones = slice(data.aws_availability_zones.available.names, 0, 2)
}
