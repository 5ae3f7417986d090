// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CompanyTerms, ICompanies} from "../src/ICompanies.sol";
import {Entry, ICompany} from "../src/ICompany.sol";
import {IPause} from "../src/IPause.sol";
import {CompanyFixture} from "./CompanyFixture.sol";
import {Company, Companies} from "./Faces.sol";
import {Coin} from "./hostile/Coin.sol";

/// @notice How companies are made.
contract CompaniesTest is CompanyFixture {
    function testFuzz_ACompanyIsFoundedByItsTerms(CompanyTerms memory terms, address anyone, bool coin) public {
        terms.currency = coin ? address(0) : address(new Coin(Coin.Habit.Plain));
        address where = companies.companyOf(terms);
        bool good = terms.registrar != address(0) && terms.cap != 0;
        if (!good) {
            wants(ICompanies.BadTerms.selector);
        } else {
            vm.expectEmit(true, true, true, true, address(companies));
            emit ICompanies.Founded(where, terms);
        }
        vm.prank(anyone);
        address made = companies.found(terms);
        if (!good) return;
        eq(made, where, "known before");
        Company m = Company(made);
        eq(m.rules().registrar, terms.registrar, "registrar");
        eq(m.rules().cap, terms.cap, "cap");
        eq(m.currency(), terms.currency, "currency");
        eq(m.totalSupply(), 0, "supply");
        vm.expectRevert();
        companies.found(terms);
    }

    function test_EachTermIsInTheAddress() public view {
        CompanyTerms memory t = companyTerms(address(0), CAP);
        address where = companies.companyOf(t);
        eq(where, address(c), "here");
        ++t.cap;
        isTrue(companies.companyOf(t) != where, "cap");
        t = companyTerms(address(1), CAP);
        isTrue(companies.companyOf(t) != where, "currency");
        t = companyTerms(address(0), CAP);
        t.registrar = ann;
        isTrue(companies.companyOf(t) != where, "registrar");
        t = companyTerms(address(0), CAP);
        t.salt = 0;
        isTrue(companies.companyOf(t) != where, "salt");
    }

    function testFuzz_BadTermsAreRefused(address currency) public {
        vm.assume(currency.code.length == 0 && currency != address(0));
        wants(ICompanies.BadTerms.selector);
        companies.found(companyTerms(currency, CAP));
        CompanyTerms memory t = companyTerms(address(0), 0);
        wants(ICompanies.BadTerms.selector);
        companies.found(t);
        t = companyTerms(address(0), 1);
        t.registrar = address(0);
        wants(ICompanies.BadTerms.selector);
        companies.found(t);
    }

    function test_APauseStopsFounding() public {
        uint64 until = uint64(block.timestamp + 7 days);
        pauser.pause(until);
        CompanyTerms memory t = companyTerms(address(0), 5);
        wants(IPause.Paused.selector, until);
        companies.found(t);
        Companies free = Companies(deploy("Companies", abi.encode(address(0))));
        Company made = Company(free.found(t));
        joins(made, ANN_KEY);
        contributes(made, ANN_KEY, 5);
    }

    function testFuzz_ACompanyIsStartedOnce(address anyone, uint32 cap) public {
        vm.assume(anyone != address(companies));
        wants(ICompany.NotFactory.selector, anyone);
        vm.prank(anyone);
        c.start(anyone, cap);
        wants(ICompany.NotFactory.selector, address(companies));
        vm.prank(address(companies));
        c.start(anyone, cap);
    }

    /// The code that all companies share is no company.
    function test_TheSharedCodeHoldsNothing() public {
        Company shared = Company(vm.computeCreateAddress(address(companies), 1));
        isTrue(address(shared).code.length != 0, "is there");
        wants(ICompany.NoCompany.selector);
        shared.currency();
        wants(ICompany.NoCompany.selector);
        shared.deposit{value: 1}(1);
        (bool ok,) = address(shared).call{value: 1}("");
        isTrue(!ok, "takes no money");
        Entry memory e = entryFor(ann, keccak256("n"));
        bytes memory signed = signature(ANN_KEY, entryDigest(shared, e));
        wants(ICompany.BadSignature.selector, address(0));
        vm.prank(ann);
        shared.join(e, signed, signed);
        wants(ICompany.NotFactory.selector, address(this));
        shared.start(ann, 5);
    }

    /// What is signed for one company is worth nothing in another.
    function test_CompaniesDoNotMixUp() public {
        CompanyTerms memory t = companyTerms(address(0), CAP);
        t.salt = 0;
        Company next = Company(companies.found(t));
        Entry memory e = entryFor(address(0xD0E), keccak256("n"));
        bytes memory signed = signature(REGISTRAR_KEY, entryDigest(c, e));
        wants(ICompany.BadSignature.selector, registrar);
        vm.prank(e.member);
        next.join(e, signed, "");
        isTrue(nullifierOf(c, ANN_KEY) != nullifierOf(next, ANN_KEY), "another nullifier in each");
        joins(next, ANN_KEY);
    }
}
