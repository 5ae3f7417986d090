// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {Company} from "./Company.sol";
import {CompanyTerms, ICompanies} from "./ICompanies.sol";
import {IPause} from "./IPause.sol";

/// @title Companies
/// @notice Makes companies: share registers of persons.
/// @dev Invariants:
/// - a company is started once, in the call that makes it;
/// - the terms it was founded by are in its address: nobody can make a company look like another;
/// - it keeps nothing and has no say in a company after.
contract Companies is ICompanies {
    IPause private immutable PAUSE;
    Company private immutable IMPLEMENTATION;

    /// @notice There is nothing else to set, now or later.
    /// @param pause Asked before a company, a person or data is taken in ({IPause}); zero is none.
    constructor(address pause) {
        PAUSE = IPause(pause);
        IMPLEMENTATION = new Company(pause);
    }

    /// @inheritdoc ICompanies
    function found(CompanyTerms calldata terms) external returns (address company) {
        if (address(PAUSE) != address(0)) PAUSE.check();
        address currency = terms.currency;
        bool money = currency == address(0) || currency.code.length != 0;
        if (terms.registrar == address(0) || terms.cap == 0 || !money) revert BadTerms();
        company = Clones.cloneDeterministicWithImmutableArgs(
            address(IMPLEMENTATION), abi.encodePacked(currency), keccak256(abi.encode(terms))
        );
        emit Founded(company, terms);
        Company(payable(company)).start(terms.registrar, terms.cap);
    }

    /// @inheritdoc ICompanies
    function companyOf(CompanyTerms calldata terms) external view returns (address company) {
        return Clones.predictDeterministicAddressWithImmutableArgs(
            address(IMPLEMENTATION), abi.encodePacked(terms.currency), keccak256(abi.encode(terms))
        );
    }
}
